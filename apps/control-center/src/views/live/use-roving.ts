import {
  defaultRangeExtractor,
  type Range,
  useVirtualizer,
  type Virtualizer,
} from '@tanstack/react-virtual';
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { browserClock } from '../../browser/clock.ts';
import { nextIndex } from '../../tables/next-index.ts';

/** One row of a list is its Tab stop; arrow keys move it, also from within the filter. */
export interface Roving {
  /** Place of that row in the list; −1 when the list is empty. */
  readonly index: number;
  /** Somebody moved there with keys or the filter: it is shown even before it has the focus. */
  readonly isMarked: boolean;
  /** Another one after every move and every change of the filter, not when the list changes around the row. */
  readonly moveKey: string;
  /** Null goes back to where a list begins: its first hit, or the selection. */
  readonly moveTo: (trackerId: number | null) => void;
}

interface RovingInput {
  readonly ids: Int32Array;
  readonly selectedId: number | null;
  /** What the filter was given. */
  readonly search: string;
}

interface Active {
  readonly activeId: number | null;
  readonly moves: number;
}

/** Keeps the row by its tracker, so that it stays the same while the list changes around it. */
export function useRoving({ ids, selectedId, search }: RovingInput): Roving {
  const [{ activeId, moves }, setActive] = useState<Active>({ activeId: null, moves: 0 });
  const indexOf = (trackerId: number | null): number =>
    trackerId === null ? -1 : ids.indexOf(trackerId);
  const isSearching = search.trim() !== '';
  const ownIndex = indexOf(activeId);
  const startIndex = isSearching ? 0 : Math.max(0, indexOf(selectedId));
  const index = ids.length === 0 ? -1 : ownIndex >= 0 ? ownIndex : startIndex;
  return {
    index,
    isMarked: ownIndex >= 0 || isSearching,
    moveKey: `${moves} ${search.trim()}`,
    moveTo: (trackerId) => setActive((old) => ({ activeId: trackerId, moves: old.moves + 1 })),
  };
}

/** The id of a row's button, which the filter names as its active descendant. */
export function rowId(trackerId: number): string {
  return `tracker-row-${trackerId}`;
}

/** The rows in sight and the Tab stop, wherever that is. */
function extractWith(index: number): (range: Range) => number[] {
  return (range) => {
    const inSight = defaultRangeExtractor(range);
    if (index < 0 || index >= range.count || inSight.includes(index)) return inSight;
    return [...inSight, index].sort((a, b) => a - b);
  };
}

/** Rows beyond the edges that exist all the same, so that scrolling shows no gap. */
const OVERSCAN = 8;

interface RowsInput {
  readonly ids: Int32Array;
  readonly roving: Roving;
  readonly rowPx: number;
  readonly searchRef: RefObject<HTMLInputElement | null>;
}

/** Rows of which only those in sight exist, with the keys that move among them; for the list and the table. */
export function useRovingRows(input: RowsInput) {
  const { ids, roving, rowPx } = input;
  const scrollRef = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => ids[index] ?? index,
    overscan: OVERSCAN,
    rangeExtractor: extractWith(roving.index),
  });
  const onKeyDown = useRowKeys({ ...input, rows });
  return { scrollRef, rows, onKeyDown };
}

interface RowKeysInput extends RowsInput {
  readonly rows: Virtualizer<HTMLDivElement, Element>;
}

/** Keys within the rows. Returns what to do on `keydown`; keeps the Tab stop in sight when it is moved. */
function useRowKeys(input: RowKeysInput): (event: KeyboardEvent) => void {
  const { ids, roving, rows, rowPx, searchRef } = input;
  const { index, isMarked, moveKey } = roving;
  useEffect(() => {
    if (isMarked && index >= 0) rows.scrollToIndex(index, { align: 'auto' });
    // only a move scrolls, not a list that changed around the row
  }, [moveKey]);
  return (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor((rows.scrollRect?.height ?? 0) / rowPx) - 1);
    const next = nextIndex(event.key, index, { count: ids.length, page });
    if (next === null) return;
    event.preventDefault();
    const trackerId = ids[next];
    if (event.key === 'ArrowUp' && next === index) return searchRef.current?.focus();
    if (trackerId === undefined) return;
    roving.moveTo(trackerId);
    // the row exists after it was drawn
    browserClock.nextFrame(() => document.getElementById(rowId(trackerId))?.focus());
  };
}
