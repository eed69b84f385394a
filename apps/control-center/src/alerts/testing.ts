/** For tests: alerts to feed to the store. */
import type { AlertReply } from '@followme/contracts';

/** An unanswered SOS of tracker 1, raised at 12:00; `parts` say what is different. */
export function alertOf(parts: Partial<AlertReply> = {}): AlertReply {
  return {
    id: 1,
    revision: 1,
    state: 'open',
    severity: 'critical',
    kind: 'alarm',
    trackerId: 1,
    trackerName: 'Noor V.',
    fenceId: null,
    fenceName: null,
    transition: null,
    alarm: 'sos',
    ruleId: null,
    ruleName: null,
    occurrences: 1,
    firstTime: '2026-03-01T12:00:00.000Z',
    lastTime: '2026-03-01T12:00:00.000Z',
    raisedTime: '2026-03-01T12:00:00.000Z',
    lastRaisedTime: '2026-03-01T12:00:00.000Z',
    lon: 5.12,
    lat: 52.09,
    acknowledged: null,
    assigned: null,
    closed: null,
    escalates: null,
    ...parts,
  };
}

/** The same closed by Daan at `time`. */
export function closedAlertOf(
  parts: Partial<AlertReply> = {},
  time = '2026-03-01T19:12:00.000Z',
): AlertReply {
  return alertOf({ state: 'closed', closed: { time, by: { id: 2, name: 'Daan' } }, ...parts });
}
