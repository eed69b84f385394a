/**
 * What the page and its live worker tell each other. The worker holds the socket and the state of every tracker; the
 * page gets, a few times a second, what changed as numbers, and for the map only the marks in sight.
 */
import type { AlertReply } from '@followme/contracts';
import type { AlertMarkChanges } from './alert-mark.ts';
import type { KnownTracker } from './live-tracker.ts';
import type { Box, MapView } from './mark-clusters.ts';
import type { MarkDiff } from './mark-features.ts';
import type { RowSort } from './row-order.ts';
import type { Crossing } from './socket-frames.ts';
import type { PreparedFilter, StateCounts } from './tracker-filter.ts';

/** How the app is connected; times in ms since 1970 UTC. `failed`: what would connect does not run. */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'reconnecting'; readonly sinceMs: number };

/** After this long without a connection, what is on the screen is called stale and every mark silent. */
export const STALE_AFTER_MS = 60_000;

/** What the page asks of the worker. */
export type LiveCommand =
  | { readonly type: 'start'; readonly locale: string }
  | { readonly type: 'retryNow' }
  | { readonly type: 'stop' }
  /** The list of trackers over HTTP. */
  | { readonly type: 'setKnown'; readonly known: readonly KnownTracker[] }
  /** What changed of the alerts that stand on trackers. */
  | { readonly type: 'changeAlerts'; readonly changes: AlertMarkChanges }
  | { readonly type: 'setRows'; readonly filter: PreparedFilter; readonly sort: RowSort }
  /** A map that has no marks yet begins; `mapId` is another one each time. */
  | { readonly type: 'openMap'; readonly mapId: number }
  | { readonly type: 'closeMap' }
  | { readonly type: 'setView'; readonly view: MapView }
  /** Is drawn by itself and joins no cluster. */
  | { readonly type: 'setSelected'; readonly trackerId: number | null }
  | { readonly type: 'askMembers'; readonly requestId: number; readonly clusterId: number };

/** What became of the trackers since the message before. */
export interface LiveBatch {
  readonly type: 'batch';
  /** Trackers that changed, by `writeRow`. */
  readonly rows: Float64Array;
  /** Trackers that came, or have another name or other groups. */
  readonly named: readonly KnownTracker[];
  readonly removed: readonly number[];
  readonly counts: StateCounts;
  /** False until the first cache or the list of trackers has arrived. */
  readonly isLoaded: boolean;
  /** Ids of the rows under the filter, in their order; null when they are what they were. */
  readonly rowIds: Int32Array | null;
  /** Crossings heard, newest first, up to a bound; null when none was heard. */
  readonly crossings: readonly Crossing[] | null;
  readonly rosterVersion: number;
  readonly stateVersion: number;
  readonly fencesVersion: number;
}

/** What the map has to draw anew. */
export interface MarksMessage {
  readonly type: 'marks';
  /** For which map: what was on its way to the one before is nothing to this one. */
  readonly mapId: number;
  readonly diff: MarkDiff;
  /** Trackers that fit the filter and have a place, in sight or not. */
  readonly count: number;
  /** All of their places; null when there are none. */
  readonly box: Box | null;
}

/** What the worker tells the page. */
export type LiveMessage =
  | LiveBatch
  | MarksMessage
  | { readonly type: 'connection'; readonly connection: Connection; readonly connections: number }
  /** In the order they came. */
  | { readonly type: 'alerts'; readonly alerts: readonly AlertReply[] }
  | {
      readonly type: 'members';
      readonly requestId: number;
      readonly trackerIds: readonly number[];
      readonly total: number;
    }
  | { readonly type: 'loggedOut' };

/** How the worker is told something, and tells; the page's end of it is a `Worker`. */
export type PostMessage = (message: LiveMessage) => void;
