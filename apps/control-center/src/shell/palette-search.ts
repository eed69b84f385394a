/** What the palette finds: everything with a name, ranked by how well the name begins with what was typed. */
import { foldText } from '../live/live-tracker.ts';

/** The headings of the palette, in the order they stand there. */
const PALETTE_GROUPS = ['alerts', 'places', 'trackers', 'people', 'sections', 'do'] as const;
/** One of them. */
export type PaletteGroup = (typeof PALETTE_GROUPS)[number];

/** Something that can be found. */
export interface Findable {
  readonly group: PaletteGroup;
  /** Unique within its group. */
  readonly id: string;
  readonly name: string;
  /** Behind the name: where it is, who it is. */
  readonly detail?: string;
}

/** A findable with its name prepared for comparing. */
export interface Indexed<T extends Findable> {
  readonly item: T;
  readonly folded: string;
}

/** What is shown of one group. */
export interface FoundGroup<T extends Findable> {
  readonly group: PaletteGroup;
  readonly items: readonly T[];
  /** How many fit, more than `items` when there are too many to show. */
  readonly total: number;
}

/** At most so many of one group. */
export const MOST_PER_GROUP = 20;
/** While nothing is typed: the first of each group, so that everything is in sight. */
const MOST_UNASKED = 5;

/** Prepares names once, so that 100,000 of them can be looked through at every key. */
export function indexFindables<T extends Findable>(items: readonly T[]): readonly Indexed<T>[] {
  return items.map((item) => ({ item, folded: foldText(item.name) }));
}

/** How well a name fits: 0 begins with it, 1 a word of it does, 2 contains it, 3 not at all. */
export function rankOf(folded: string, query: string): 0 | 1 | 2 | 3 {
  const at = folded.indexOf(query);
  if (at < 0) return 3;
  if (at === 0) return 0;
  for (let from = at; from >= 0; from = folded.indexOf(query, from + 1)) {
    if (/[^\p{L}\p{N}]/u.test(folded.charAt(from - 1))) return 1;
  }
  return 2;
}

function findIn<T extends Findable>(
  index: readonly Indexed<T>[],
  query: string,
): { items: T[]; total: number; best: number } {
  const ranks: Indexed<T>[][] = [[], [], []];
  for (const entry of index) ranks[rankOf(entry.folded, query)]?.push(entry);
  // shorter names are nearer to what was typed; sort is stable, so equals keep their order
  const sorted = ranks.flatMap((list) =>
    list.length > 1000 ? list : list.sort((a, b) => a.folded.length - b.folded.length),
  );
  const items = sorted.slice(0, MOST_PER_GROUP).map(({ item }) => item);
  return { items, total: sorted.length, best: ranks.findIndex((list) => list.length > 0) };
}

/**
 * What fits `typed`, by group; groups with a better hit come first. With nothing typed the alerts, the sections
 * and what can be done are offered: things have names to be typed.
 */
export function searchPalette<T extends Findable>(
  index: ReadonlyMap<PaletteGroup, readonly Indexed<T>[]>,
  typed: string,
): readonly FoundGroup<T>[] {
  const query = foldText(typed.trim());
  if (query === '') {
    return (['alerts', 'sections', 'do'] as const).flatMap((group) => {
      const all = index.get(group) ?? [];
      const items = all.slice(0, group === 'alerts' ? MOST_UNASKED : all.length);
      return items.length === 0
        ? []
        : [{ group, items: items.map(({ item }) => item), total: all.length }];
    });
  }
  const found = PALETTE_GROUPS.map((group) => ({
    group,
    ...findIn(index.get(group) ?? [], query),
  }));
  return found
    .filter(({ total }) => total > 0)
    .sort((a, b) => a.best - b.best)
    .map(({ group, items, total }) => ({ group, items, total }));
}
