import { FLAG, type RowCursor, type TenantId, type TrackerId } from '@followme/model';
import type { PlacedFix } from './judge-tracker.ts';

/** The row a cursor stands at, read as a fix: a view, so that no object is made per row. */
export class RowFix implements PlacedFix {
  readonly #cursor: RowCursor;

  constructor(cursor: RowCursor) {
    this.#cursor = cursor;
  }
  get tenantId(): TenantId {
    return this.#cursor.tenantId;
  }
  get trackerId(): TrackerId {
    return this.#cursor.trackerId;
  }
  get fixTimeMs(): number {
    return this.#cursor.fixTimeMs;
  }
  get receivedTimeMs(): number {
    return this.#cursor.receivedTimeMs;
  }
  get lonE7(): number {
    return this.#cursor.lonE7;
  }
  get latE7(): number {
    return this.#cursor.latE7;
  }
  get valid(): boolean {
    return (this.#cursor.flags & FLAG.valid) !== 0;
  }
  /**
   * False at exactly 0° 0°: what a device without a position sends, many of them with the valid flag set.
   * Nothing is followed in that square centimetre of the Gulf of Guinea.
   */
  get hasPlace(): boolean {
    return this.lonE7 !== 0 || this.latE7 !== 0;
  }
}
