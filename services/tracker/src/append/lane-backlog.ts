/**
 * What of a lane waits behind a full batch: a queue for each tenant, emptied in turns, so that a tenant with a
 * flood fills its own queue and one with a single fix waits for one turn, not for the flood. Within a tenant, and so
 * within a tracker, the order stays that of arrival.
 *
 * A queue consists of pieces of at most `PIECE_MAX_FIXES` rows; a turn is one piece.
 */
import type { RowDraft } from '@followme/model';
import { LaneBatch, type DurableListener } from './lane-batch.ts';
import type { FixOwner, TenantLoad } from './tenant-load.ts';

/** Rows of a turn: twenty tenants share a batch of a thousand. */
const PIECE_MAX_FIXES = 50;
/** With attributes at their longest a piece of 50 rows would be 200 kB. */
const PIECE_MAX_BYTES = 32_768;
/** Most queues are short: many tenants with one fix each must not take 16 kB each. */
const PIECE_CAPACITY_BYTES = 1_024;
/** Empty pieces kept for later. */
const MAX_FREE_PIECES = 64;

interface TenantQueue {
  readonly load: TenantLoad;
  /** Oldest first; never empty while the queue is in the backlog. */
  readonly pieces: LaneBatch[];
}

export class LaneBacklog {
  /** In the order in which they have their turn; whoever had it goes to the end. */
  #turns: TenantQueue[] = [];
  readonly #queues = new Map<TenantLoad, TenantQueue>();
  readonly #free: LaneBatch[] = [];

  /** Nothing waits. */
  get isEmpty(): boolean {
    return this.#queues.size === 0;
  }

  /** Adds a row at the end of its tenant's queue. */
  add(draft: RowDraft, owner: FixOwner, receivedTimeMs: number): void {
    const { pieces } = this.#queueOf(owner.load);
    let piece = pieces.at(-1);
    if (piece === undefined || isFullPiece(piece)) {
      piece = this.#free.pop() ?? new LaneBatch(PIECE_CAPACITY_BYTES);
      pieces.push(piece);
    }
    piece.add(draft, owner, receivedTimeMs);
  }

  /** The last piece of a tenant, or null when nothing of it waits here. */
  newestOf(
    load: TenantLoad,
  ): { whenDurable(listener: DurableListener, token: Buffer): void } | null {
    return this.#queues.get(load)?.pieces.at(-1) ?? null;
  }

  /** Moves pieces into `batch`, tenant after tenant, until the next would not fit or nothing is left. */
  moveInto(batch: LaneBatch, limits: { readonly fixes: number; readonly bytes: number }): void {
    for (;;) {
      const queue = this.#turns[0];
      const piece = queue?.pieces[0];
      if (queue === undefined || piece === undefined) return;
      const fits =
        batch.count + piece.count <= limits.fixes && batch.bytes + piece.bytes <= limits.bytes;
      if (!fits && batch.count > 0) return;
      queue.pieces.shift();
      batch.absorb(piece);
      if (this.#free.length < MAX_FREE_PIECES) this.#free.push(piece);
      this.#turns.shift();
      if (queue.pieces.length > 0) this.#turns.push(queue);
      else this.#queues.delete(queue.load);
    }
  }

  #queueOf(load: TenantLoad): TenantQueue {
    let queue = this.#queues.get(load);
    if (queue === undefined) {
      queue = { load, pieces: [] };
      this.#queues.set(load, queue);
      this.#turns.push(queue);
    }
    return queue;
  }
}

const isFullPiece = (piece: LaneBatch): boolean =>
  piece.count >= PIECE_MAX_FIXES || piece.bytes >= PIECE_MAX_BYTES;
