/**
 * The live state of every tracker, outside React. Frames are collected and applied once per animation frame;
 * who looks at it subscribes and gets one call per batch, however many positions it held.
 */
import type { BrowserClock, CancelTimer } from '../browser/clock.ts';
import { type KnownTracker, LiveContents } from './live-contents.ts';
import { ageTracker, countStates, type LiveTracker, type StateCounts } from './live-tracker.ts';
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
  /** Grows when the server says that fences changed. */
  readonly fencesVersion: number;
  /** How often a connection came to life. */
  readonly connections: number;
  readonly counts: StateCounts;
  /** False until the first cache or the list of trackers has arrived. */
  readonly loaded: boolean;
  /** Crossings heard on the socket, newest first, up to a bound. */
  readonly crossings: readonly Crossing[];
  readonly connection: Connection;
}

export interface LiveStore {
  snapshot(): LiveSnapshot;
  subscribe(listener: () => void): () => void;
  /** Hears which trackers changed, for whoever draws deltas; called before the listeners of `subscribe`. */
  subscribeChanges(listener: (trackerIds: ReadonlySet<number>) => void): () => void;
  receive(frame: SocketFrame): void;
  /** The list of trackers, which also names those that have not reported yet. */
  setKnown(known: readonly KnownTracker[]): void;
  setConnection(connection: Connection): void;
  stop(): void;
}

/** How often time alone is allowed to change states. */
const SWEEP_MS = 5000;

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

/** What a snapshot tells that the contents do not know of themselves. */
interface Status {
  loaded: boolean;
  connections: number;
  connection: Connection;
  counts: StateCounts;
}

/** Makes snapshots of the contents and tells them to those who listen. */
function createPublisher(contents: LiveContents) {
  const listeners = createListeners<() => void>();
  const changeListeners = createListeners<(trackerIds: ReadonlySet<number>) => void>();
  const status: Status = {
    loaded: false,
    connections: 0,
    connection: { kind: 'connecting' },
    counts: countStates([]),
  };
  const makeSnapshot = (): LiveSnapshot => ({
    trackers: contents.trackers,
    ...contents.versions,
    ...status,
  });
  let current = makeSnapshot();

  return {
    /** Set it, then publish. */
    status,
    snapshot: () => current,
    subscribe: listeners.add,
    subscribeChanges: changeListeners.add,
    publish(): void {
      if (contents.versions.stateVersion !== current.stateVersion) {
        status.counts = countStates(contents.trackers.values());
      }
      if (contents.changed.size > 0) {
        const changed = new Set(contents.changed);
        contents.changed.clear();
        for (const listener of changeListeners.all) listener(changed);
      }
      current = makeSnapshot();
      for (const listener of listeners.all) listener();
    },
  };
}

/** From when on nothing on the screen holds any more; Infinity while connected. */
function staleFromMs(connection: Connection): number {
  return connection.kind === 'reconnecting' ? connection.sinceMs + STALE_AFTER_MS : Infinity;
}

/** Makes an empty store. It listens to nothing by itself: the socket client feeds it. */
export function createLiveStore({ clock }: { readonly clock: BrowserClock }): LiveStore {
  const contents = new LiveContents();
  const publisher = createPublisher(contents);
  const { status, publish } = publisher;
  let queue: SocketFrame[] = [];
  let cancelFrame: CancelTimer | null = null;

  function flush(): void {
    cancelFrame = null;
    const frames = queue;
    queue = [];
    const nowMs = clock.nowMs();
    for (const frame of frames) contents.apply(frame, nowMs);
    status.loaded ||= frames.some(({ header }) => header === 'cache');
    publish();
  }

  function sweep(): void {
    const nowMs = clock.nowMs();
    const isTrusted = nowMs < staleFromMs(status.connection);
    for (const tracker of contents.trackers.values()) {
      contents.put(ageTracker(tracker, nowMs, isTrusted));
    }
    publish();
  }
  const cancelSweep = clock.every(SWEEP_MS, sweep);
  let cancelStale: CancelTimer = () => undefined;

  return {
    snapshot: publisher.snapshot,
    subscribe: publisher.subscribe,
    subscribeChanges: publisher.subscribeChanges,
    receive(frame) {
      if (frame.header === 'ping' || frame.header === 'unknown') return;
      queue.push(frame);
      cancelFrame ??= clock.nextFrame(flush);
    },
    setKnown(known) {
      contents.setKnown(known);
      status.loaded = true;
      publish();
    },
    setConnection(next) {
      status.connection = next;
      cancelStale();
      // to the second, not at the next sweep
      const staleMs = staleFromMs(next);
      if (staleMs < Infinity) cancelStale = clock.after(staleMs - clock.nowMs(), sweep);
      if (next.kind !== 'live') return publish();
      status.connections += 1;
      contents.forgetHeard();
      sweep();
    },
    stop() {
      cancelSweep();
      cancelStale();
      cancelFrame?.();
    },
  };
}
