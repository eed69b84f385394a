import { describe, expect, test } from 'vitest';
import {
  BATCH_HEADER_BYTES,
  positionOfRow,
  ROW,
  RowCursor,
  writeBatchHeader,
} from './position-row.ts';
import { RowDraft } from './row-draft.ts';

function fill(draft: RowDraft): void {
  draft.reset();
  draft.setFixTimeMs(1_700_000_000_000);
  draft.setLonLatE7(47504640, 523033450);
  draft.setSpeedMps(12.5);
  draft.setHeadingDeg(271);
  draft.setEventCode(35);
}

function batchOf(draft: RowDraft): Buffer {
  const batch = Buffer.alloc(BATCH_HEADER_BYTES + draft.length);
  writeBatchHeader(batch, 1);
  draft.bytes.copy(batch, BATCH_HEADER_BYTES, 0, draft.length);
  return batch;
}

function read(draft: RowDraft): ReturnType<typeof positionOfRow> {
  const cursor = new RowCursor();
  cursor.open(batchOf(draft));
  expect(cursor.next()).toBe(true);
  const position = positionOfRow(cursor);
  expect(cursor.next()).toBe(false);
  return position;
}

function hashOf(change: (draft: RowDraft) => void): string {
  const draft = new RowDraft();
  fill(draft);
  change(draft);
  draft.seal();
  return read(draft).contentHash;
}

describe('a row drafted by a decoder', () => {
  test('reads back as the position it was written from', () => {
    const draft = new RowDraft();
    fill(draft);
    draft.setSatellitesInUse(9);
    draft.setCharging(false);
    draft.setAlarm('sos');
    draft.addNumber('odometerM', 227_940);
    draft.addNumber('hdop', 0.8);
    draft.addBoolean('ignition', true);
    draft.addText('text', 'a "quoted" é');
    draft.seal();
    expect(read(draft)).toMatchObject({
      fixTimeMs: 1_700_000_000_000,
      lon: 4.750464,
      lat: 52.303345,
      speedMps: 12.5,
      headingDeg: 271,
      altitudeM: null,
      accuracyM: null,
      batteryPct: null,
      charging: false,
      satellitesInUse: 9,
      alarm: 'sos',
      eventCode: 35,
      valid: false,
      attributes: { odometerM: 227_940, hdop: 0.8, ignition: true, text: 'a "quoted" é' },
    });
  });

  test('keeps nothing of the fix before it', () => {
    const draft = new RowDraft();
    fill(draft);
    draft.addNumber('odometerM', 1);
    draft.seal();
    draft.reset();
    draft.seal();
    expect(read(draft)).toMatchObject({ speedMps: null, eventCode: 0, attributes: {} });
  });

  test('writes whole numbers of every size as JSON', () => {
    for (const value of [0, 7, 10, 99, 100, 2 ** 31 - 1, 2 ** 31, -5, 1.25]) {
      const draft = new RowDraft();
      fill(draft);
      draft.addNumber('value', value);
      draft.seal();
      expect(read(draft).attributes).toEqual({ value });
    }
  });

  test('writes decimals and lists of whole numbers as JSON', () => {
    const draft = new RowDraft();
    fill(draft);
    draft.addFixedPoint('hdop', 9, 1);
    draft.addFixedPoint('batteryV', 3_005, 3);
    draft.addFixedPoint('most', 2 ** 31 - 1, 6);
    draft.addFixedPoint('negative', -1, 1);
    draft.addFixedPoint('tooLarge', 2 ** 31, 1);
    draft.addIntegers('cell', [204, 8, 0, 2 ** 31 - 1]);
    draft.addIntegers('none', []);
    draft.addIntegers('notWhole', [1, 2.5]);
    draft.seal();
    expect(read(draft).attributes).toEqual({
      hdop: 0.9,
      batteryV: 3.005,
      most: 2_147.483647,
      cell: [204, 8, 0, 2 ** 31 - 1],
      none: [],
    });
  });

  test('leaves out and flags an attribute that does not fit', () => {
    const draft = new RowDraft();
    fill(draft);
    draft.addText('long', 'x'.repeat(5_000));
    draft.addNumber('short', 1);
    draft.seal();
    expect(read(draft).attributes).toEqual({ short: 1 });
  });

  test('takes a number after it was sealed, with and without others', () => {
    for (const before of [{}, { satellites: 4 }]) {
      const draft = new RowDraft();
      fill(draft);
      for (const [key, value] of Object.entries(before)) draft.addNumber(key, value);
      draft.seal();
      draft.amendNumber('rawFixTimeMs', 4_102_444_800_000);
      expect(read(draft).attributes).toEqual({ ...before, rawFixTimeMs: 4_102_444_800_000 });
    }
  });

  test('has the same identity when it is sent again', () => {
    expect(hashOf(() => undefined)).toBe(hashOf((draft) => draft.addNumber('gsmSignal', 7)));
  });

  test('has another identity for another event, alarm, place, movement or serial', () => {
    const hashes = new Set([
      hashOf(() => undefined),
      hashOf((draft) => draft.setEventCode(1)),
      hashOf((draft) => draft.setAlarm('sos')),
      hashOf((draft) => draft.setLonLatE7(47504641, 523033450)),
      hashOf((draft) => draft.setLonLatE7(47504640, 523033451)),
      hashOf((draft) => draft.setSpeedMps(12.6)),
      hashOf((draft) => {
        draft.recordSerial = 1;
      }),
    ]);
    expect(hashes.size).toBe(7);
  });

  test('a cursor refuses a batch that ends inside a row', () => {
    const draft = new RowDraft();
    fill(draft);
    draft.addNumber('odometerM', 1);
    draft.seal();
    const batch = batchOf(draft);
    const cursor = new RowCursor();
    for (let length = BATCH_HEADER_BYTES; length < batch.length; length += 1) {
      cursor.open(batch.subarray(0, length));
      expect(() => cursor.next()).toThrow(RangeError);
    }
    expect(() => cursor.open(Buffer.from([9, 1, 0, 0, 0, 0, 0, 0]))).toThrow('version');
    expect(ROW.attributesLength).toBe(62);
  });
});
