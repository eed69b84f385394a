/**
 * Coalescing: what changes often is sent at most every `gapMs`, in its newest state, and the first change
 * after a pause at the next tick. Items wait in slots of one tick each, so a tick touches only what is due.
 */

/** What the coalescer keeps on each item; nobody else writes these two. */
export interface Coalesced {
  /** When it was last handed out, by the clock given to `tick`; −Infinity before the first time. */
  sentAtMs: number;
  /** It waits in a slot. */
  isWaiting: boolean;
}

export interface Coalescer<T extends Coalesced> {
  /** The item changed. Marking it again before it is handed out costs nothing and moves nothing. */
  mark(item: T, nowMs: number): void;
  /** The items that are due, each once. */
  tick(nowMs: number): readonly T[];
  /** It was sent outside the tick: the next time is `gapMs` from now. */
  noteSent(item: T, nowMs: number): void;
  /** Items waiting. */
  readonly waiting: number;
}

/** All times are of one monotonic clock, in ms. */
export function createCoalescer<T extends Coalesced>(config: {
  readonly tickMs: number;
  readonly gapMs: number;
}): Coalescer<T> {
  const { tickMs, gapMs } = config;
  const slots = new Map<number, T[]>();
  let nextSlot: number | null = null;
  let waiting = 0;

  const put = (item: T, nowMs: number): void => {
    const slot = Math.ceil(Math.max(nowMs, item.sentAtMs + gapMs) / tickMs);
    const items = slots.get(slot);
    if (items === undefined) slots.set(slot, [item]);
    else items.push(item);
    nextSlot = nextSlot === null ? slot : Math.min(nextSlot, slot);
  };

  const takeSlot = (slot: number, nowMs: number, due: T[]): void => {
    const items = slots.get(slot);
    if (items === undefined) return;
    slots.delete(slot);
    for (const item of items) {
      // sent outside the tick meanwhile: it waits out its gap
      if (item.sentAtMs + gapMs > nowMs) {
        put(item, nowMs);
        continue;
      }
      item.isWaiting = false;
      item.sentAtMs = nowMs;
      due.push(item);
    }
  };

  return {
    mark(item, nowMs) {
      if (item.isWaiting) return;
      item.isWaiting = true;
      waiting += 1;
      put(item, nowMs);
    },
    tick(nowMs) {
      const due: T[] = [];
      if (nextSlot === null) return due;
      const lastSlot = Math.floor(nowMs / tickMs);
      const firstSlot = nextSlot;
      nextSlot = null;
      for (let slot = firstSlot; slot <= lastSlot; slot += 1) takeSlot(slot, nowMs, due);
      nextSlot = slots.size === 0 ? null : Math.min(...slots.keys());
      waiting -= due.length;
      return due;
    },
    noteSent(item, nowMs) {
      item.sentAtMs = nowMs;
    },
    get waiting() {
      return waiting;
    },
  };
}
