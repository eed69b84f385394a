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
export function severityRank(severity: MarkSeverity | undefined): number {
  return severity === undefined ? MARK_SEVERITIES.length : MARK_SEVERITIES.indexOf(severity);
}

/** The loudest of each tracker, by its id; of equals the first. */
export function indexAlertMarks(marks: readonly AlertMark[]): ReadonlyMap<number, AlertMark> {
  const byTracker = new Map<number, AlertMark>();
  for (const mark of marks) {
    const known = byTracker.get(mark.trackerId);
    if (known === undefined || severityRank(mark.severity) < severityRank(known.severity)) {
      byTracker.set(mark.trackerId, mark);
    }
  }
  return byTracker;
}
