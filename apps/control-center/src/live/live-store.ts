/**
 * The live state of every tracker, outside React. Frames are collected and applied once per animation frame;
 * who looks at it subscribes and gets one call per batch, however many positions it held.
 */
import type { BrowserClock, CancelTimer } from '../browser/clock.ts';
import {
  ageTracker,
  applyFix,
  countStates,
  type LiveTracker,
  type StateCounts,
  unheardTracker,
} from './live-tracker.ts';
import type { Crossing, SocketFrame } from './socket-frames.ts';

/** How the app is connected; times in ms since 1970 UTC. */
type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'reconnecting'; readonly sinceMs: number };

/** After this long without a connection, what is on the screen is called stale and every mark silent. */
export const STALE_AFTER_MS = 60_000;

/** One moment of the store. A new object per batch; the map inside is the living one. */
export interface LiveSnapshot {
  readonly trackers: ReadonlyMap<number, LiveTracker>;
  /** Grows when a tracker came, went or was renamed. */
  readonly rosterVersion: number;
  /** Grows when any tracker changed its state. */
  readonly stateVersion: number;
  readonly counts: StateCounts;
  /** False until the first cache or the list of trackers has arrived. */
  readonly loaded: boolean;
  /** Crossings heard on the socket, newest first, at most `MAX_CROSSINGS`. */
  readonly crossings: readonly Crossing[];
  readonly connection: Connection;
}

export interface LiveStore {
  snapshot(): LiveSnapshot;
  subscribe(listener: () => void): () => void;
  /** Hears which trackers changed, for whoever draws deltas; called before the listeners of `subscribe`. */
  subscribeChanges(listener: (trackerIds: ReadonlySet<number>) => void): () => void;
  receive(frame: SocketFrame): void;
  /** Names trackers that may not have reported yet. */
  addKnown(known: readonly { readonly trackerId: number; readonly name: string }[]): void;
  setConnection(connection: Connection): void;
  stop(): void;
}

const MAX_CROSSINGS = 200;
/** How often time alone is allowed to change states. */
const SWEEP_MS = 5000;

/** Everything that changes inside the store, and the functions that apply one thing each. */
function createContents() {
  const trackers = new Map<number, LiveTracker>();
  const changed = new Set<number>();
  let rosterVersion = 0;
  let stateVersion = 0;
  let crossings: readonly Crossing[] = [];

  function put(next: LiveTracker): void {
    const previous = trackers.get(next.trackerId);
    if (previous === next) return;
    trackers.set(next.trackerId, next);
    changed.add(next.trackerId);
    if (previous?.name !== next.name) rosterVersion += 1;
    if (previous?.state !== next.state) stateVersion += 1;
  }

  function remove(trackerId: number): void {
    trackers.delete(trackerId);
    changed.add(trackerId);
    rosterVersion += 1;
    stateVersion += 1;
  }

  return {
    trackers,
    changed,
    put,
    versions: () => ({ rosterVersion, stateVersion, crossings }),
    /** A cache names everything this session may see: who had a place and is not in it has gone. */
    applyCache(fixes: Extract<SocketFrame, { header: 'cache' }>['fixes'], nowMs: number): void {
      const seen = new Set(fixes.map((fix) => fix.trackerId));
      // removing while walking over a map is well defined
      for (const tracker of trackers.values()) {
        if (tracker.fix !== null && !seen.has(tracker.trackerId)) remove(tracker.trackerId);
      }
      for (const fix of fixes) put(applyFix(trackers.get(fix.trackerId), fix, nowMs));
    },
    addCrossing(crossing: Crossing): void {
      if (crossings.some((known) => known.eventId === crossing.eventId)) return;
      crossings = [crossing, ...crossings].slice(0, MAX_CROSSINGS);
    },
  };
}

/** Puts one frame into the contents. */
function applyFrame(
  contents: ReturnType<typeof createContents>,
  frame: SocketFrame,
  nowMs: number,
): void {
  switch (frame.header) {
    case 'cache':
      contents.applyCache(frame.fixes, nowMs);
      break;
    case 'locationUpdate':
      contents.put(applyFix(contents.trackers.get(frame.fix.trackerId), frame.fix, nowMs));
      break;
    case 'event':
      contents.addCrossing(frame.crossing);
      break;
    case 'ping':
    case 'identificationResponse':
    case 'unknown':
      break;
  }
}

/** Those who listen to something. */
function createListeners<Call extends (...args: never[]) => void>() {
  const listeners = new Set<Call>();
  return {
    all: listeners,
    add(listener: Call): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Makes an empty store. It listens to nothing by itself: the socket client feeds it. */
export function createLiveStore(deps: { readonly clock: BrowserClock }): LiveStore {
  const { clock } = deps;
  const contents = createContents();
  const listeners = createListeners<() => void>();
  const changeListeners = createListeners<(trackerIds: ReadonlySet<number>) => void>();
  let queue: SocketFrame[] = [];
  let cancelFrame: CancelTimer | null = null;
  let loaded = false;
  let connection: Connection = { kind: 'connecting' };
  let counts: StateCounts = countStates([]);
  let current = makeSnapshot();

  function makeSnapshot(): LiveSnapshot {
    return { trackers: contents.trackers, ...contents.versions(), counts, loaded, connection };
  }

  function publish(): void {
    const { stateVersion } = contents.versions();
    if (stateVersion !== current.stateVersion) counts = countStates(contents.trackers.values());
    if (contents.changed.size > 0) {
      const changed = new Set(contents.changed);
      contents.changed.clear();
      for (const listener of changeListeners.all) listener(changed);
    }
    current = makeSnapshot();
    for (const listener of listeners.all) listener();
  }

  function flush(): void {
    cancelFrame = null;
    const frames = queue;
    queue = [];
    const nowMs = clock.nowMs();
    for (const frame of frames) applyFrame(contents, frame, nowMs);
    loaded ||= frames.some(({ header }) => header === 'cache');
    publish();
  }

  function sweep(): void {
    const nowMs = clock.nowMs();
    const lostMs = connection.kind === 'reconnecting' ? nowMs - connection.sinceMs : 0;
    for (const tracker of contents.trackers.values()) {
      contents.put(ageTracker(tracker, nowMs, lostMs < STALE_AFTER_MS));
    }
    publish();
  }
  const cancelSweep = clock.every(SWEEP_MS, sweep);

  return {
    snapshot: () => current,
    subscribe: listeners.add,
    subscribeChanges: changeListeners.add,
    receive(frame) {
      if (frame.header === 'ping' || frame.header === 'unknown') return;
      queue.push(frame);
      cancelFrame ??= clock.nextFrame(flush);
    },
    addKnown(known) {
      for (const { trackerId, name } of known) {
        if (!contents.trackers.has(trackerId)) contents.put(unheardTracker(trackerId, name));
      }
      loaded = true;
      publish();
    },
    setConnection(next) {
      connection = next;
      if (next.kind === 'live') sweep();
      else publish();
    },
    stop() {
      cancelSweep();
      cancelFrame?.();
    },
  };
}
