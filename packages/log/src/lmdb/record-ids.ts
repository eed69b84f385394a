/**
 * Remembers record ids for the duplicate window: those under way in memory, those stored in LMDB, sorted by
 * time a second time so that the expired ones are found without a scan.
 */
import type { Clock } from '@followme/platform';
import { DUPLICATE_WINDOW_MS, type StreamName } from '../port.ts';
import type { Committer } from './committer.ts';
import type { Bytes } from './engine.ts';
import {
  expiryKey,
  expiryRange,
  parseExpiryKey,
  parseRecordIdEntry,
  recordIdEntry,
  recordIdKey,
  type RecordPlace,
} from './layout.ts';

/** Most ids removed in one transaction. */
const SWEEP_IDS = 256;
/** Pause between sweeps that found less than they may remove; 256 ids a transaction keep up with any load. */
const SWEEP_PAUSE_MS = 1_000;

/** A record id in the form of its key. */
export interface Identity {
  readonly key: Buffer;
  readonly name: string;
}

/** The identity of `recordId` in `stream`. */
export function identify(stream: StreamName, recordId: string): Identity {
  const key = recordIdKey(stream, recordId);
  return { key, name: key.toString('latin1') };
}

/** The ids of one log; `underWay` is changed by `hold` only, which must follow a `find` that answered null. */
export class RecordIds {
  readonly #ids: Bytes;
  readonly #clock: Clock;
  /** Appends under way by id: their sequence once it is durable. */
  readonly #underWay = new Map<string, Promise<number>>();
  #sweeping = false;
  #nextSweepMs = 0;

  constructor(ids: Bytes, clock: Clock) {
    this.#ids = ids;
    this.#clock = clock;
  }

  /** The sequence of the record that holds this id (when it is durable), or null when it is free. */
  find({ key, name }: Identity): Promise<number> | null {
    const underWay = this.#underWay.get(name);
    if (underWay !== undefined) return underWay;
    const stored = this.#ids.get(key);
    if (stored === undefined) return null;
    const { storedTimeMs, sequence } = parseRecordIdEntry(stored);
    const isExpired = this.#clock.nowMs() - storedTimeMs >= DUPLICATE_WINDOW_MS;
    return isExpired ? null : Promise.resolve(sequence);
  }

  /** Holds the id while its append is under way. */
  hold({ name }: Identity, sequence: Promise<number>): void {
    const release = (): void => void this.#underWay.delete(name);
    this.#underWay.set(name, sequence);
    sequence.then(release, release);
  }

  /** Puts the id into the transaction being written. */
  write({ key }: Identity, place: RecordPlace): void {
    void this.#ids.put(key, recordIdEntry(place));
    void this.#ids.put(expiryKey(place.storedTimeMs, key), Buffer.of(0));
  }

  /** Removes some of the expired ids when it is time; the work of one call is bounded. */
  sweep(committer: Committer): void {
    const nowMs = this.#clock.monotonicMs();
    if (this.#sweeping || nowMs < this.#nextSweepMs) return;
    const range = expiryRange(
      Math.max(0, Math.floor(this.#clock.nowMs()) - DUPLICATE_WINDOW_MS + 1),
    );
    const expired = Array.from(this.#ids.getKeys({ ...range, limit: SWEEP_IDS }), (key) =>
      Buffer.from(key),
    );
    this.#nextSweepMs = expired.length === SWEEP_IDS ? nowMs : nowMs + SWEEP_PAUSE_MS;
    if (expired.length === 0) return;
    this.#sweeping = true;
    const done = (): void => {
      this.#sweeping = false;
    };
    committer.commit(0, () => this.#remove(expired)).then(done, done);
  }

  #remove(expired: readonly Buffer[]): void {
    for (const key of expired) {
      const { storedTimeMs, idKey } = parseExpiryKey(key);
      void this.#ids.remove(key);
      // an id that was taken anew has a younger entry, or one that is not durable yet
      if (this.#underWay.has(idKey.toString('latin1'))) continue;
      const stored = this.#ids.get(idKey);
      if (stored === undefined || parseRecordIdEntry(stored).storedTimeMs !== storedTimeMs)
        continue;
      void this.#ids.remove(idKey);
    }
  }
}
