/** The list of trackers as it is searched: folded once per list, not once per letter that is typed. */
import type { TrackerReply } from '@followme/contracts';
import { foldText } from '../../live/live-tracker.ts';

/** A tracker and the text it is found by. */
export interface IndexedTracker {
  readonly tracker: TrackerReply;
  readonly folded: string;
}

/** What the list is narrowed to: all groups, those in none, or one group. */
export type GroupChoice = 'all' | 'none' | number;

/** Sorts by name as people count (`Van 2` before `Van 10`) and prepares the search. */
export function indexTrackers(
  trackers: readonly TrackerReply[],
  locale: string,
): readonly IndexedTracker[] {
  const { compare } = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
  return trackers
    .map((tracker) => ({
      tracker,
      folded: foldText(`${tracker.name}\n${tracker.device?.identifier ?? ''}`),
    }))
    .sort((a, b) => compare(a.tracker.name, b.tracker.name) || a.tracker.id - b.tracker.id);
}

function isIn({ groupIds }: TrackerReply, group: GroupChoice): boolean {
  if (group === 'all') return true;
  return group === 'none' ? groupIds.length === 0 : groupIds.includes(group);
}

/** The trackers that fit a search (part of the name or identifier) and a group. */
export function findTrackers(
  index: readonly IndexedTracker[],
  search: string,
  group: GroupChoice,
): readonly TrackerReply[] {
  const wanted = foldText(search.trim());
  return index
    .filter(({ tracker, folded }) => isIn(tracker, group) && folded.includes(wanted))
    .map(({ tracker }) => tracker);
}

/** Whether another tracker has this name, as people read it: without case, accents and blanks around it. */
export function isNameTaken(
  trackers: readonly TrackerReply[],
  name: string,
  ownId: number | null,
): boolean {
  const wanted = foldText(name.trim());
  if (wanted === '') return false;
  return trackers.some((other) => other.id !== ownId && foldText(other.name.trim()) === wanted);
}
