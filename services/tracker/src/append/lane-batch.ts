/**
 * Rows of one lane copied one after another into a buffer that is reused, and the replies that may only be sent
 * when they are durable.
 *
 * States, and who changes them:
 * - filling: `add` copies rows in; `LaneBatcher` decides when to close it.
 * - in flight: `payload` handed its bytes to the log; nothing is added until `reset`.
 */
import { BATCH_HEADER_BYTES, ROW, writeBatchHeader, type RowDraft } from '@followme/model';
import type { FixOwner, TenantLoad } from './tenant-load.ts';

const FIRST_CAPACITY_BYTES = 16_384;

/** What waits for a batch to be durable. */
export interface DurableListener {
  /** Every fix handed over before this call's registration is stored. */
  onDurable(token: Buffer): void;
}

export class LaneBatch {
  /** Rows in the batch. */
  count = 0;
  /** Bytes in the batch, header included. */
  bytes = BATCH_HEADER_BYTES;
  #buffer: Buffer;
  readonly #listeners: DurableListener[] = [];
  readonly #tokens: Buffer[] = [];
  /** Runs of rows of one tenant: whose, and how many bytes. */
  readonly #loads: TenantLoad[] = [];
  readonly #loadBytes: number[] = [];

  constructor(capacityBytes: number = FIRST_CAPACITY_BYTES) {
    this.#buffer = Buffer.allocUnsafe(capacityBytes);
  }

  /** Copies a row in and completes it with what the decoder cannot know. */
  add(draft: RowDraft, owner: FixOwner, receivedTimeMs: number): void {
    const length = draft.length;
    if (this.bytes + length > this.#buffer.length) this.#grow(this.bytes + length);
    const buffer = this.#buffer;
    const at = this.bytes;
    draft.bytes.copy(buffer, at, 0, length);
    buffer.writeUInt32LE(owner.tenantId, at + ROW.tenantId);
    buffer.writeUInt32LE(owner.trackerId, at + ROW.trackerId);
    buffer.writeDoubleLE(receivedTimeMs, at + ROW.receivedTimeMs);
    this.bytes = at + length;
    this.count += 1;
    this.#charge(owner.load, length);
  }

  /** Takes over all rows and replies of `piece`, behind its own. */
  absorb(piece: LaneBatch): void {
    const length = piece.bytes - BATCH_HEADER_BYTES;
    if (this.bytes + length > this.#buffer.length) this.#grow(this.bytes + length);
    piece.#buffer.copy(this.#buffer, this.bytes, BATCH_HEADER_BYTES, piece.bytes);
    this.bytes += length;
    this.count += piece.count;
    for (let i = 0; i < piece.#loads.length; i += 1) {
      const load = piece.#loads[i];
      if (load !== undefined) this.#charge(load, piece.#loadBytes[i] ?? 0);
    }
    this.#listeners.push(...piece.#listeners);
    this.#tokens.push(...piece.#tokens);
    piece.reset();
  }

  /** `listener` hears of `token` when all rows added so far are durable. */
  whenDurable(listener: DurableListener, token: Buffer): void {
    this.#listeners.push(listener);
    this.#tokens.push(token);
  }

  /** The payload for the log; valid until `reset`. */
  payload(): Buffer {
    writeBatchHeader(this.#buffer, this.count);
    return this.#buffer.subarray(0, this.bytes);
  }

  /** Tells everybody who waited; the batch is durable. */
  announceDurable(): void {
    for (let i = 0; i < this.#listeners.length; i += 1) {
      const token = this.#tokens[i];
      if (token !== undefined) this.#listeners[i]?.onDurable(token);
    }
  }

  /** Calls `discharge` with every tenant of the batch and its bytes; one may come more than once. */
  eachLoad(discharge: (load: TenantLoad, bytes: number) => void): void {
    for (let i = 0; i < this.#loads.length; i += 1) {
      const load = this.#loads[i];
      if (load !== undefined) discharge(load, this.#loadBytes[i] ?? 0);
    }
  }

  /** Empties the batch for its next use; the buffer stays. */
  reset(): void {
    this.count = 0;
    this.bytes = BATCH_HEADER_BYTES;
    this.#listeners.length = 0;
    this.#tokens.length = 0;
    this.#loads.length = 0;
    this.#loadBytes.length = 0;
  }

  #charge(load: TenantLoad, bytes: number): void {
    const last = this.#loads.length - 1;
    if (last >= 0 && this.#loads[last] === load) {
      this.#loadBytes[last] = (this.#loadBytes[last] ?? 0) + bytes;
      return;
    }
    this.#loads.push(load);
    this.#loadBytes.push(bytes);
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.bytes);
    this.#buffer = larger;
  }
}
