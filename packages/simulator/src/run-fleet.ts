/**
 * Lets a fleet report over real sockets. Open loop: report k is due at start + k × interval ⁄ count whatever
 * the server does, so trackers are spread evenly over the interval and a slow server meets the same load as a
 * quick one. One timer serves all trackers.
 */
import type { Clock, Logger, Random } from '@followme/platform';
import type { Fleet } from './fleet.ts';
import { createLocalPorts } from './local-ports.ts';
import { TrackerLink, type FleetCounters, type LinkDeps } from './tracker-link.ts';

export interface RunFleetOptions {
  readonly fleet: Fleet;
  readonly host: string;
  readonly port: number;
  /** Between two reports of one tracker; at least 1 s, since the devices count whole seconds. */
  readonly intervalMs: number;
  /** Share of the trackers that speak CCC, 0 … 1; the others speak text. 0.5 by default. */
  readonly cccShare?: number;
  /** New connections per second; 500 by default. */
  readonly connectsPerSecond?: number;
  /** Most records a tracker holds while the server is away; 300 by default. */
  readonly maxHeldRecords?: number;
  readonly maxRecordsPerFrame?: number;
  /** A CCC frame unconfirmed for so long makes the tracker reconnect; 10 s by default. */
  readonly confirmTimeoutMs?: number;
  /** The server has stored this fix of this tracker and said so. */
  readonly onAcknowledged?: (trackerIndex: number, fixTimeMs: number) => void;
}

export interface RunningFleet {
  readonly counters: Readonly<FleetCounters>;
  /** Trackers connected at the moment. */
  connected(): number;
  /** Records not sent, or sent by CCC and not confirmed. */
  heldRecords(): number;
  /**
   * Makes no more reports, waits up to `graceMs` (2 s by default) for confirmations, and closes all
   * connections. Calling it again waits for the same end.
   */
  stop(graceMs?: number): Promise<void>;
}

const TICK_MS = 20;
/** Every so many ticks the links look at their clocks. */
const TICKS_PER_CHECK = 5;
const STOP_POLL_MS = 20;
/** A process that was suspended for longer goes on from now, as switched-off devices do. */
const MAX_CATCH_UP_MS = 10_000;
const MAX_WALL_DRIFT_MS = 2_000;
const CLOSE_TIMEOUT_MS = 1_000;

function createLinks(deps: LinkDeps, options: RunFleetOptions, startMs: number): TrackerLink[] {
  const { fleet, onAcknowledged } = options;
  const share = options.cccShare ?? 0.5;
  const perSecond = options.connectsPerSecond ?? 500;
  return Array.from({ length: fleet.count }, (_, index) => {
    // whole numbers where the share steps over one: exactly that share, spread over the fleet
    const isCcc = Math.floor((index + 1) * share) > Math.floor(index * share);
    return new TrackerLink(deps, {
      host: options.host,
      port: options.port,
      imei: fleet.registerIdentity(index),
      speech: isCcc ? 'CCC' : 'AAA',
      maxHeldRecords: options.maxHeldRecords ?? 300,
      maxRecordsPerFrame: options.maxRecordsPerFrame ?? 20,
      confirmTimeoutMs: options.confirmTimeoutMs ?? 10_000,
      connectAtMs: startMs + (index * 1_000) / perSecond,
      onAcknowledged: (fixTimeMs) => onAcknowledged?.(index, fixTimeMs),
      reportNow: () => fleet.reportAt(index, deps.clock.nowMs()),
    });
  });
}

/**
 * Starts the fleet. Reports carry the clock's present time.
 * @throws RangeError when the interval is under a second.
 */
export function runFleet(
  deps: { readonly clock: Clock; readonly random: Random; readonly logger: Logger },
  options: RunFleetOptions,
): RunningFleet {
  const { clock, random, logger } = deps;
  const { fleet, intervalMs } = options;
  if (!(intervalMs >= 1_000))
    throw new RangeError(`Got an interval of ${intervalMs} ms, expected 1000 or more`);
  const startMs = clock.monotonicMs();
  const counters: FleetCounters = {
    sent: 0,
    acknowledged: 0,
    reconnects: 0,
    errors: 0,
    overflowed: 0,
  };
  const localPorts = createLocalPorts(process.platform, options.host, random.next());
  const links = createLinks({ clock, random, localPorts, counters }, options, startMs);
  const reportDue = createPacer(clock, { fleet, intervalMs, startMs, links });
  let ticks = 0;
  const cancelTimer = clock.every(TICK_MS, () => {
    const nowMs = clock.monotonicMs();
    reportDue(nowMs);
    ticks += 1;
    if (ticks % TICKS_PER_CHECK === 0) for (const link of links) link.tick(nowMs);
  });
  for (const link of links) link.tick(startMs);

  const heldRecords = (): number => links.reduce((sum, link) => sum + link.heldRecords, 0);
  let stopping: Promise<void> | null = null;
  const end = async (graceMs: number): Promise<void> => {
    cancelTimer();
    await drain(clock, links, graceMs);
    logger.info('fleet.stopped', { ...counters, heldRecords: heldRecords() });
  };
  logger.info('fleet.started', { trackers: fleet.count, intervalMs });
  return {
    counters,
    connected: () => links.filter((link) => link.isOpen).length,
    heldRecords,
    stop: (graceMs = 2_000) => (stopping ??= end(graceMs)),
  };
}

/** Hands every report that is due at `nowMs` to its link. */
function createPacer(
  clock: Clock,
  { fleet, intervalMs, startMs, links }: Pacing,
): (nowMs: number) => void {
  const spacingMs = intervalMs / fleet.count;
  let wallStartMs = clock.nowMs();
  let nextReport = 0;
  return (nowMs) => {
    const due = Math.floor((nowMs - startMs) / spacingMs);
    const oldest = due - Math.ceil(MAX_CATCH_UP_MS / spacingMs);
    nextReport = Math.max(nextReport, oldest);
    // fix times keep exactly the interval; they follow the wall clock only when it has moved away
    const wallNowMs = wallStartMs + nowMs - startMs;
    if (Math.abs(clock.nowMs() - wallNowMs) > MAX_WALL_DRIFT_MS) {
      wallStartMs = clock.nowMs() - (nowMs - startMs);
    }
    for (; nextReport <= due; nextReport += 1) {
      const index = nextReport % fleet.count;
      const round = Math.floor(nextReport / fleet.count);
      const atMs = wallStartMs + round * intervalMs + index * spacingMs;
      links[index]?.add(fleet.reportAt(index, atMs));
    }
  };
}

interface Pacing {
  readonly fleet: Fleet;
  readonly intervalMs: number;
  /** Monotonic time of the first report. */
  readonly startMs: number;
  readonly links: readonly TrackerLink[];
}

/** Lets the links wait for confirmations, then closes them, gently first. */
async function drain(clock: Clock, links: readonly TrackerLink[], graceMs: number): Promise<void> {
  const waitUntil = async (isDone: () => boolean, limitMs: number): Promise<void> => {
    const deadlineMs = clock.monotonicMs() + limitMs;
    while (!isDone() && clock.monotonicMs() < deadlineMs) {
      for (const link of links) if (link.isOpen) link.tick(clock.monotonicMs());
      await clock.sleep(STOP_POLL_MS);
    }
  };
  // links that are not open have nobody to confirm what they hold
  await waitUntil(() => links.every((link) => !link.isOpen || link.heldRecords === 0), graceMs);
  for (const link of links) link.stop(!link.isOpen);
  await waitUntil(() => links.every((link) => link.isClosed), CLOSE_TIMEOUT_MS);
  for (const link of links) link.stop(true);
}
