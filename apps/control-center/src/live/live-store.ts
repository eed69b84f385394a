/**
 * The page's end of the live worker, outside React: keeps what the worker told and calls those who listen, once per
 * message, however many positions it held.
 */
import type { AlertReply } from '@followme/contracts';
import { type AlertMark, diffAlertMarks, indexAlertMarks } from './alert-mark.ts';
import type {
  Connection,
  LiveBatch,
  LiveCommand,
  LiveMessage,
  MarksMessage,
} from './live-protocol.ts';
import type { KnownTracker } from './live-tracker.ts';
import type { MapView } from './mark-clusters.ts';
import type { RowSort } from './row-order.ts';
import type { Crossing } from './socket-frames.ts';
import { TrackerColumns, type TrackersView } from './tracker-columns.ts';
import { NO_COUNTS, type PreparedFilter, type StateCounts } from './tracker-filter.ts';

/** One moment of the store. A new object per change; `trackers` inside is the living one. */
export interface LiveSnapshot {
  readonly trackers: TrackersView;
  /** The rows under the filter, in their order. */
  readonly rowIds: Int32Array;
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
  /** The loudest alert of each tracker that has one. */
  readonly alertMarks: ReadonlyMap<number, AlertMark>;
}

/** Who is in a cluster that was clicked. */
export interface ClusterMembers {
  readonly trackerIds: readonly number[];
  /** More than `trackerIds` when there are too many to list. */
  readonly total: number;
}

export interface LiveStore {
  snapshot(): LiveSnapshot;
  subscribe(listener: () => void): () => void;
  /** Hears of alerts, those that came within a moment in one call; they are not kept here. */
  subscribeAlerts(listener: (alerts: readonly AlertReply[]) => void): () => void;
  /** Hears which trackers went. */
  subscribeRemoved(listener: (trackerId: number) => void): () => void;
  /** Takes over a message of the worker. */
  receive(message: LiveMessage): void;
  /** The list of trackers, which also names those that have not reported yet. */
  setKnown(known: readonly KnownTracker[]): void;
  /** The alerts that stand on trackers, all that are not closed; of several the loudest is shown. */
  setAlertMarks(marks: readonly AlertMark[]): void;
  /** What the rows and the map show, and how rows are ordered. */
  setRows(filter: PreparedFilter, sort: RowSort): void;
  /** A map begins, without marks; hears what to draw until the answer is called. One at a time. */
  openMap(listener: (message: MarksMessage) => void): () => void;
  /** What the map shows. */
  setView(view: MapView): void;
  /** The selection is no mark: it is drawn by itself. */
  select(trackerId: number | null): void;
  fetchMembers(clusterId: number): Promise<ClusterMembers>;
}

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

/** Questions that wait for their answer. */
function createQuestions(send: (command: LiveCommand) => void) {
  const waiting = new Map<number, (members: ClusterMembers) => void>();
  let lastId = 0;
  return {
    ask(clusterId: number): Promise<ClusterMembers> {
      lastId += 1;
      const requestId = lastId;
      send({ type: 'askMembers', requestId, clusterId });
      return new Promise((resolve) => waiting.set(requestId, resolve));
    },
    answer(requestId: number, members: ClusterMembers): void {
      waiting.get(requestId)?.(members);
      waiting.delete(requestId);
    },
  };
}

function emptySnapshot(trackers: TrackersView): LiveSnapshot {
  return {
    trackers,
    rowIds: new Int32Array(0),
    rosterVersion: 0,
    stateVersion: 0,
    fencesVersion: 0,
    connections: 0,
    counts: NO_COUNTS,
    loaded: false,
    crossings: [],
    connection: { kind: 'connecting' },
    alertMarks: new Map(),
  };
}

/** Makes an empty store over the way to a worker. */
export function createLiveStore(send: (command: LiveCommand) => void): LiveStore {
  const columns = new TrackerColumns();
  const listeners = createListeners<() => void>();
  const alertListeners = createListeners<(alerts: readonly AlertReply[]) => void>();
  const removedListeners = createListeners<(trackerId: number) => void>();
  const questions = createQuestions(send);
  let onMarks: ((message: MarksMessage) => void) | null = null;
  let mapId = 0;
  let current = emptySnapshot(columns);

  function publish(change: Partial<LiveSnapshot>): void {
    current = { ...current, ...change };
    for (const listener of listeners.all) listener();
  }

  function take(batch: LiveBatch): void {
    const { rows, named, removed, counts, isLoaded, rowIds, crossings } = batch;
    const { rosterVersion, stateVersion, fencesVersion } = batch;
    for (const trackerId of removed) columns.remove(trackerId);
    for (const known of named) columns.name(known);
    columns.apply(rows);
    publish({
      counts,
      loaded: isLoaded,
      rowIds: rowIds ?? current.rowIds,
      crossings: crossings ?? current.crossings,
      rosterVersion,
      stateVersion,
      fencesVersion,
    });
    for (const trackerId of removed) {
      for (const listener of removedListeners.all) listener(trackerId);
    }
  }

  function receive(message: LiveMessage): void {
    switch (message.type) {
      case 'batch':
        return take(message);
      case 'marks':
        if (message.mapId === mapId) onMarks?.(message);
        return undefined;
      case 'connection':
        return publish({ connection: message.connection, connections: message.connections });
      case 'alerts':
        for (const listener of alertListeners.all) listener(message.alerts);
        return undefined;
      case 'members':
        return questions.answer(message.requestId, message);
      case 'loggedOut':
        return undefined;
    }
  }

  return {
    snapshot: () => current,
    subscribe: listeners.add,
    subscribeAlerts: alertListeners.add,
    subscribeRemoved: removedListeners.add,
    receive,
    setKnown: (known) => send({ type: 'setKnown', known }),
    setAlertMarks(marks) {
      const alertMarks = indexAlertMarks(marks);
      const changes = diffAlertMarks(current.alertMarks, alertMarks);
      if (changes === null) return;
      publish({ alertMarks });
      send({ type: 'changeAlerts', changes });
    },
    setRows: (filter, sort) => send({ type: 'setRows', filter, sort }),
    openMap(listener) {
      onMarks = listener;
      mapId += 1;
      send({ type: 'openMap', mapId });
      return () => {
        if (onMarks !== listener) return;
        onMarks = null;
        send({ type: 'closeMap' });
      };
    },
    setView: (view) => send({ type: 'setView', view }),
    select: (trackerId) => send({ type: 'setSelected', trackerId }),
    fetchMembers: questions.ask,
  };
}
