/** What the list and the map know of alerts: which tracker needs attention, how much, and in which words. */

/** Severities that stand on a tracker, loudest first; `info` is for the activity only. */
export const MARK_SEVERITIES = ['critical', 'high', 'medium'] as const;

/** One of `MARK_SEVERITIES`. */
export type MarkSeverity = (typeof MARK_SEVERITIES)[number];

/** The loudest alert of one tracker that is not closed. */
export interface AlertMark {
  readonly trackerId: number;
  readonly severity: MarkSeverity;
  /** What it is in a word or two: `SOS`, `Left its area`. */
  readonly word: string;
}

/** 0 for the loudest; 3 for trackers without an alert. */
export function markRank(mark: AlertMark | undefined): number {
  return mark === undefined ? MARK_SEVERITIES.length : MARK_SEVERITIES.indexOf(mark.severity);
}

/** The loudest of each tracker, by its id; of equals the first. */
export function indexAlertMarks(marks: readonly AlertMark[]): ReadonlyMap<number, AlertMark> {
  const byTracker = new Map<number, AlertMark>();
  for (const mark of marks) {
    const known = byTracker.get(mark.trackerId);
    if (known === undefined || markRank(mark) < markRank(known)) {
      byTracker.set(mark.trackerId, mark);
    }
  }
  return byTracker;
}

/** What became of the marks: those that are new or another, and trackers that have none any more. */
export interface AlertMarkChanges {
  readonly marks: readonly AlertMark[];
  readonly cleared: readonly number[];
}

/** The difference between two states of the marks; null when there is none. */
export function diffAlertMarks(
  before: ReadonlyMap<number, AlertMark>,
  after: ReadonlyMap<number, AlertMark>,
): AlertMarkChanges | null {
  const marks = [...after.values()].filter((mark) => {
    const known = before.get(mark.trackerId);
    return known?.severity !== mark.severity || known.word !== mark.word;
  });
  const cleared = [...before.keys()].filter((trackerId) => !after.has(trackerId));
  return marks.length + cleared.length === 0 ? null : { marks, cleared };
}
