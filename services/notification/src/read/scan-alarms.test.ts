import {
  BATCH_HEADER_BYTES,
  ROW,
  RowCursor,
  RowDraft,
  writeBatchHeader,
  type Alarm,
  type FenceEvent,
} from '@followme/model';
import { describe, expect, test } from 'vitest';
import { crossingOf, FENCE, NOON, sosOf, TENANT, TRACKER } from '../testing/sample.ts';
import type { Occurrence } from '../raise/occurrence.ts';
import { occurrenceOfEvent } from './occurrence-of-event.ts';
import { scanAlarms } from './scan-alarms.ts';

/** A batch of one tracker with these alarms, a second apart. */
function batchOf(
  alarms: readonly Alarm[],
  place: readonly [number, number] = [51_000_000, 521_000_000],
) {
  const header = Buffer.alloc(BATCH_HEADER_BYTES);
  writeBatchHeader(header, alarms.length);
  const rows = alarms.map((alarm, second) => {
    const draft = new RowDraft();
    draft.setFixTimeMs(NOON + second * 1_000);
    draft.setLonLatE7(...place);
    draft.setAlarm(alarm);
    // attributes make rows of different lengths
    if (second % 2 === 1) draft.addJson('mileage', '12345');
    draft.seal();
    const row = Buffer.from(draft.bytes.subarray(0, draft.length));
    row.writeUInt32LE(TENANT, ROW.tenantId);
    row.writeUInt32LE(TRACKER, ROW.trackerId);
    return row;
  });
  return Buffer.concat([header, ...rows]);
}

function scan(payload: Uint8Array): Occurrence[] {
  const found: Occurrence[] = [];
  scanAlarms(new RowCursor(), payload, found);
  return found;
}

describe('a batch of positions', () => {
  test('gives its alarms, in order, with time and place', () => {
    expect(scan(batchOf(['none', 'sos', 'none', 'tamper']))).toEqual([
      sosOf({ timeMs: NOON + 1_000 }),
      sosOf({ timeMs: NOON + 3_000, cause: { kind: 'alarm', alarm: 'tamper' } }),
    ]);
  });
  test('without an alarm gives nothing', () => {
    expect(scan(batchOf(['none', 'none']))).toEqual([]);
  });
  test('an alarm at 0° 0° has no place', () => {
    expect(scan(batchOf(['sos'], [0, 0]))).toEqual([sosOf({ lon: null, lat: null })]);
  });
  test('an alarm of a newer release is passed over', () => {
    const payload = batchOf(['sos', 'sos']);
    payload[BATCH_HEADER_BYTES + ROW.alarm] = 200;
    expect(scan(payload)).toEqual([sosOf({ timeMs: NOON + 1_000 })]);
  });
  test('that is damaged throws', () => {
    expect(() => scan(batchOf(['sos']).subarray(0, 40))).toThrow(RangeError);
  });
});

describe('a crossing', () => {
  const event: FenceEvent = {
    eventId: '00000000-0000-5000-8000-000000000000',
    tenantId: TENANT,
    trackerId: TRACKER,
    fenceId: FENCE,
    fenceName: 'Depot',
    fencesVersion: 1,
    kind: 'enter',
    reason: 'fix',
    eventSeq: 1,
    initial: false,
    fixTimeMs: NOON,
    receivedTimeMs: NOON + 1_000,
    lon: 5.1,
    lat: 52.1,
  };
  test('of a fix is an occurrence', () => {
    expect(occurrenceOfEvent(event)).toEqual(crossingOf('enter'));
  });
  test('NT8 of the first fix is one too', () => {
    expect(occurrenceOfEvent({ ...event, initial: true })).toEqual(crossingOf('enter'));
  });
  test.each(['fenceCreated', 'fenceUpdated', 'fenceDeleted'] as const)(
    'NT8 by an edit (%s) is none',
    (reason) => {
      expect(occurrenceOfEvent({ ...event, reason })).toBeNull();
    },
  );
});
