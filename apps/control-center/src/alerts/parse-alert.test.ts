import { expect, test } from 'vitest';
import { encodeAlert, SEVERITIES } from '@followme/contracts';
import { parseFrame } from '../live/socket-frames.ts';
import { parseAlert } from './parse-alert.ts';
import { alertOf } from './testing.ts';

test('an alert of the server arrives as it was sent', () => {
  const alert = alertOf({
    state: 'acknowledged',
    acknowledged: { time: '2026-03-01T12:01:00.000Z', by: { id: 3, name: 'Daan' } },
    assigned: { id: 3, name: 'Daan' },
    escalates: { time: '2026-03-01T12:05:00.000Z', to: ['Iris'] },
  });
  expect(parseFrame(encodeAlert(alert))).toEqual({ header: 'alert', alert });
});

test.each(['id', 'revision', 'state', 'severity', 'kind', 'trackerId', 'raisedTime'])(
  'without %s it is no alert',
  (field) => {
    expect(parseAlert({ ...alertOf(), [field]: undefined })).toBeNull();
  },
);

test.each(SEVERITIES)('the severity %s is known', (severity) => {
  expect(parseAlert(alertOf({ severity }))).toMatchObject({ severity });
});

test('a severity that nobody knows is not guessed', () => {
  expect(parseAlert({ ...alertOf(), severity: 'deafening' })).toBeNull();
});

test('what is not essential may be missing', () => {
  const { id, revision, state, severity, kind, trackerId, raisedTime } = alertOf();
  const alert = parseAlert({ id, revision, state, severity, kind, trackerId, raisedTime });
  expect(alert).toMatchObject({ trackerName: '#1', occurrences: 1, lastTime: raisedTime });
});
