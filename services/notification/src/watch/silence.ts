/**
 * Looks for trackers nothing was heard of, and closes the cards of those that were heard again. Both by set-based
 * statements over the last states, a bounded number at a time; what is left is found by the next look.
 */
import type { Log } from '@followme/log';
import { type Lane, lanesOf, type LogSequence } from '@followme/model';
import type { Clock, Logger } from '@followme/platform';
import type { LaneSequences, SilentRule } from '@followme/store';
import type { NotificationMetrics } from '../notification-metrics.ts';
import type { Occurrence } from '../raise/occurrence.ts';
import { tellChanged } from '../raise/raiser.ts';
import type { NotificationSettings } from '../settings.ts';
import type { WatchingStore } from './watching-store.ts';

/** Most cards of one rule in one look, and most that close in one. */
const PER_LOOK = 500;

export interface SilenceDeps {
  readonly log: Log;
  readonly watching: WatchingStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: NotificationMetrics;
  readonly settings: NotificationSettings;
  /** Raises alerts about these. */
  readonly raise: (occurrences: readonly Occurrence[]) => Promise<void>;
}

export interface SilenceWatch {
  start(): void;
  /** Waits for a look under way. */
  stop(): Promise<void>;
}

/** A watch that has not started. */
export function createSilenceWatch(deps: SilenceDeps): SilenceWatch {
  const { clock, logger, settings } = deps;
  let running: Promise<void> = Promise.resolve();
  let isRunning = false;
  let cancel = (): void => undefined;
  const look = createLook(deps);
  const tick = (): void => {
    if (isRunning) return;
    isRunning = true;
    running = look()
      .catch((error: unknown) => logger.warn('notification.silenceUnknown', { error }))
      .finally(() => (isRunning = false));
  };
  return {
    start: () => void (cancel = clock.every(settings.silenceEveryMs, tick)),
    async stop() {
      cancel();
      await running;
    },
  };
}

/** Where the log ended in each lane of positions. */
interface LogEnds {
  /** All that was taken in before this time lies before these ends, ms since 1970 UTC. */
  readonly takenMs: number;
  readonly lastOf: ReadonlyMap<Lane, LogSequence>;
}

/**
 * One look after the other. The last states are believed up to the time for which they are proven: when the
 * recorder has passed where the log ended at an earlier look, they hold all that was received before that look.
 */
function createLook(deps: SilenceDeps): () => Promise<void> {
  const { watching, clock, log } = deps;
  let ends: LogEnds | null = null;
  let listensSinceMs: number | null = clock.monotonicMs();
  const look = async (): Promise<void> => {
    listensSinceMs ??= clock.monotonicMs();
    const sequences = await watching.laneSequences();
    await closeHeard(deps);
    // with last states that stand still everybody would be silent
    if (ends !== null && !hasRecorded(sequences, ends)) return;
    const provenMs = ends?.takenMs ?? null;
    ends = await takeEnds(log, clock);
    if (provenMs === null) return;
    await raiseSilent(deps, { provenMs, listenedMs: clock.monotonicMs() - listensSinceMs });
  };
  return () =>
    look().catch((error: unknown) => {
      // what was known before an outage says nothing about the time of it
      ends = null;
      listensSinceMs = null;
      throw error;
    });
}

async function closeHeard({ watching, clock, log, metrics }: SilenceDeps): Promise<void> {
  const closed = await watching.closeHeardAgain({
    nowMs: clock.nowMs(),
    limit: PER_LOOK,
  });
  for (const count of closed.values()) metrics.heardAgain.inc(count);
  tellChanged(log, closed.keys());
}

async function raiseSilent(
  { watching, settings, raise }: SilenceDeps,
  known: { readonly provenMs: number; readonly listenedMs: number },
): Promise<void> {
  for (const rule of await watching.silentRules()) {
    // who reports seldom gets the time to do so after we, or the store, were away
    if (known.listenedMs < Math.min(rule.afterS * 1_000, settings.silenceGraceMs)) continue;
    const silent = await findSilent(watching, rule, known.provenMs);
    if (silent.length > 0) await raise(silent);
  }
}

async function takeEnds(log: Log, clock: Clock): Promise<LogEnds> {
  // before the ends are asked for: what comes meanwhile may lie behind them
  const takenMs = clock.nowMs();
  const lanes = lanesOf(log.lanes('positions'));
  const lastOf = await Promise.all(
    lanes.map(async (lane) => [lane, (await log.bounds('positions', lane)).last] as const),
  );
  return { takenMs, lastOf: new Map(lastOf) };
}

/** Whether the last states hold everything up to these ends of the log. */
function hasRecorded(sequences: readonly LaneSequences[], { lastOf }: LogEnds): boolean {
  const recorded = new Map(
    sequences
      .filter(({ consumer }) => consumer === 'recorder')
      .map(({ lane, stateSequence }) => [lane, stateSequence]),
  );
  return [...lastOf].every(([lane, last]) => (recorded.get(lane) ?? 0) >= last);
}

async function findSilent(
  watching: WatchingStore,
  rule: SilentRule,
  provenMs: number,
): Promise<readonly Occurrence[]> {
  const { tenantId, ruleId, groupIds } = rule;
  const beforeMs = provenMs - rule.afterS * 1_000;
  const found = await watching.silentTrackers({
    tenantId,
    ruleId,
    groupIds,
    beforeMs,
    limit: PER_LOOK,
  });
  return found.map(({ trackerId, heardMs, lon, lat }) => ({
    tenantId,
    trackerId,
    timeMs: heardMs,
    lon,
    lat,
    cause: { kind: 'silent', ruleId },
  }));
}
