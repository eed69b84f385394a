/**
 * The open batch of one lane: rows copied one after another into a buffer that is reused, and the replies
 * that may only be sent when the batch is durable.
 *
 * States, and who changes them:
 * - filling: `add` copies rows in; `LaneBatcher` decides when to close it.
 * - in flight: `take` handed its bytes to the log; nothing is added until `release`.
 */
import { BATCH_HEADER_BYTES, ROW, writeBatchHeader, type RowDraft } from '@followme/model';

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
  #buffer = Buffer.allocUnsafe(FIRST_CAPACITY_BYTES);
  readonly #listeners: DurableListener[] = [];
  readonly #tokens: Buffer[] = [];

  /** Copies a row in and completes it with what the decoder cannot know. */
  add(
    draft: RowDraft,
    owner: { readonly tenantId: number; readonly trackerId: number },
    receivedTimeMs: number,
  ): void {
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

  /** Empties the batch for its next use; the buffer stays. */
  reset(): void {
    this.count = 0;
    this.bytes = BATCH_HEADER_BYTES;
    this.#listeners.length = 0;
    this.#tokens.length = 0;
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.bytes);
    this.#buffer = larger;
  }
}
