import { type AlertReply, SEVERITIES, type Severity } from '@followme/contracts';

/** Place on the ladder: 0 is the loudest. */
export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

/** Whether it belongs in the queue: `info` only scrolls by in the activity. */
export function needsAttention({ state, severity }: AlertReply): boolean {
  return state !== 'closed' && severity !== 'info';
}

/** Whether nobody has answered it yet. */
export function isUnanswered({ state }: AlertReply): boolean {
  return state === 'open';
}

/**
 * The order of the queue: unanswered critical ones first and of these the oldest, since it has waited longest;
 * then by severity; within one severity unanswered before taken, then the newest.
 */
export function compareAlerts(a: AlertReply, b: AlertReply): number {
  const bySeverity = severityRank(a.severity) - severityRank(b.severity);
  if (bySeverity !== 0) return bySeverity;
  const byAnswer = Number(isUnanswered(b)) - Number(isUnanswered(a));
  if (byAnswer !== 0) return byAnswer;
  const byAge = Date.parse(a.raisedTime) - Date.parse(b.raisedTime);
  const oldestFirst = a.severity === 'critical' && isUnanswered(a);
  return (oldestFirst ? byAge : -byAge) || a.id - b.id;
}
