/** Reads an alert as the socket tells it. What is essential must be there; the rest may be missing. */
import type { AlertReply, Severity } from '@followme/contracts';
import {
  fieldsOf,
  idOrNull,
  numberOrNull,
  textOrNull,
  timeOrNull,
  wordOrNull,
} from '../live/read-fields.ts';

/** Every word of a kind: the compiler asks for those that are missing here. */
function wordsOf<Word extends string>(words: Readonly<Record<Word, true>>): readonly Word[] {
  // the keys of a record of words are these words
  return Object.keys(words) as Word[];
}

const ALARMS = wordsOf<NonNullable<AlertReply['alarm']>>({
  sos: true,
  fall: true,
  lowBattery: true,
  powerCut: true,
  overspeed: true,
  tamper: true,
  vibration: true,
  fault: true,
  geofence: true,
  accident: true,
  towing: true,
  idling: true,
  jamming: true,
});
// types only: the schemas of the contracts would triple the size of the live worker, which loads this file
const SEVERITIES = wordsOf<Severity>({ critical: true, high: true, medium: true, info: true });
const STATES = wordsOf<AlertReply['state']>({ open: true, acknowledged: true, closed: true });
const KINDS = wordsOf<AlertReply['kind']>({ fence: true, alarm: true, silent: true });
const TRANSITIONS = wordsOf<NonNullable<AlertReply['transition']>>({ enter: true, exit: true });

function person(value: unknown): AlertReply['assigned'] {
  const { id, name } = fieldsOf(value);
  const userId = idOrNull(id);
  return userId === null ? null : { id: userId, name: textOrNull(name) ?? `#${userId}` };
}

function time(value: unknown): string | null {
  const ms = timeOrNull(value);
  return ms === null ? null : new Date(ms).toISOString();
}

function deed(value: unknown): AlertReply['acknowledged'] {
  const { time: when, by } = fieldsOf(value);
  const done = time(when);
  return done === null ? null : { time: done, by: person(by) };
}

function escalation(value: unknown): AlertReply['escalates'] {
  const { time: when, to } = fieldsOf(value);
  const due = time(when);
  if (due === null) return null;
  return { time: due, to: Array.isArray(to) ? to.filter((name) => typeof name === 'string') : [] };
}

/** What happened, as far as it is told. */
function cause(data: ReturnType<typeof fieldsOf>) {
  return {
    fenceId: idOrNull(data['fenceId']),
    fenceName: textOrNull(data['fenceName']),
    transition: wordOrNull(data['transition'], TRANSITIONS),
    alarm: wordOrNull(data['alarm'], ALARMS),
    ruleId: idOrNull(data['ruleId']),
    ruleName: textOrNull(data['ruleName']),
    lon: numberOrNull(data['lon']),
    lat: numberOrNull(data['lat']),
  };
}

/** An alert, or null when it cannot be told which, of whom, how loud or since when. */
export function parseAlert(value: unknown): AlertReply | null {
  const data = fieldsOf(value);
  const id = idOrNull(data['id']);
  const trackerId = idOrNull(data['trackerId']);
  const revision = numberOrNull(data['revision']);
  const state = wordOrNull(data['state'], STATES);
  const severity = wordOrNull(data['severity'], SEVERITIES);
  const kind = wordOrNull(data['kind'], KINDS);
  const raisedTime = time(data['raisedTime']);
  if (id === null || trackerId === null || revision === null) return null;
  if (state === null || severity === null || kind === null || raisedTime === null) return null;
  return {
    id,
    revision,
    state,
    severity,
    kind,
    trackerId,
    raisedTime,
    ...cause(data),
    trackerName: textOrNull(data['trackerName']) ?? `#${trackerId}`,
    occurrences: Math.max(1, numberOrNull(data['occurrences']) ?? 1),
    firstTime: time(data['firstTime']) ?? raisedTime,
    lastTime: time(data['lastTime']) ?? raisedTime,
    lastRaisedTime: time(data['lastRaisedTime']) ?? raisedTime,
    acknowledged: deed(data['acknowledged']),
    assigned: person(data['assigned']),
    closed: deed(data['closed']),
    escalates: escalation(data['escalates']),
  };
}
