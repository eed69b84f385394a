/** All that the watch over silence, and the removal of what is old, know of the database. */
import type { TenantId } from '@followme/model';
import type { LaneSequences, SilentQuery, SilentRule, SilentTracker } from '@followme/store';

export interface WatchingStore {
  /** How far every consumer has come: the recorder's place says up to when the last states are believed. */
  laneSequences(): Promise<readonly LaneSequences[]>;
  /** Closes cards of silence whose tracker was heard again; answers how many of each tenant. */
  closeHeardAgain(request: {
    readonly nowMs: number;
    readonly limit: number;
  }): Promise<ReadonlyMap<TenantId, number>>;
  silentRules(): Promise<readonly SilentRule[]>;
  silentTrackers(query: SilentQuery): Promise<readonly SilentTracker[]>;
  /** Deletes messages settled, and cards closed, more than `keepMs` ago by the store's clock: at most `limit` of each. */
  deleteSettled(request: {
    readonly keepMs: number;
    readonly limit: number;
  }): Promise<{ readonly deliveries: number; readonly alerts: number }>;
}
