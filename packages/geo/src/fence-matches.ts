import { trustedId, type FenceId, type TrackerId } from '@followme/model';

/**
 * The fences found for one place: ids ascending, each once. One is made per user and filled again by each
 * query, so that a query allocates nothing for its answer.
 */
export class FenceMatches {
  /** Valid up to `count`. */
  ids: Int32Array = new Int32Array(16);
  count = 0;
  /** Whose fences are asked for; set before a query. 0 is nobody: only fences for everybody are found. */
  trackerId: TrackerId = trustedId<TrackerId>(0);

  clear(): void {
    this.count = 0;
  }

  /** Adds an id in its order; one that is there already is not added again. */
  add(id: FenceId): void {
    let at = this.count;
    while (at > 0 && (this.ids[at - 1] ?? 0) > id) at -= 1;
    if (at > 0 && this.ids[at - 1] === id) return;
    if (this.count === this.ids.length) {
      const larger = new Int32Array(this.count * 2);
      larger.set(this.ids);
      this.ids = larger;
    }
    this.ids.copyWithin(at + 1, at, this.count);
    this.ids[at] = id;
    this.count += 1;
  }

  has(id: FenceId): boolean {
    for (let i = 0; i < this.count; i += 1) if (this.ids[i] === id) return true;
    return false;
  }

  /** The ids as an array of their own. */
  toArray(): FenceId[] {
    // the ids came in through `add`
    return Array.from(this.ids.subarray(0, this.count), (id) => trustedId<FenceId>(id));
  }
}
