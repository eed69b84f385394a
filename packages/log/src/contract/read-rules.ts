/** Contract: reading what is there and what comes. */
import { describe, expect, test } from 'vitest';
import type { Log, LogRecord } from '../port.ts';
import {
  appendTexts,
  bytes,
  lane,
  numbered,
  READ_LIMIT_MS,
  readRecords,
  sequence,
  text,
  textsOf,
  type Present,
  type Spot,
} from './subject.ts';

const spot: Spot = { stream: 'positions', lane: lane(3) };

function readFrom(log: Log, from: number, signal: AbortSignal): AsyncIterator<LogRecord> {
  return log.read(spot.stream, spot.lane, sequence(from), signal)[Symbol.asyncIterator]();
}

/** Reading what is there. */
export function readRules(present: Present): void {
  describe('reading', () => {
    test.each([0, 1])('from %i hands out everything, in order', async (from) => {
      const log = await present().open();
      const sequences = await appendTexts(log, spot, numbered(10));
      const records = await readRecords(log, spot, { from, count: 10 });
      expect(textsOf(records)).toEqual(numbered(10));
      expect(records.map((record) => record.sequence)).toEqual(sequences);
      expect(records.every((record) => record.lane === spot.lane)).toBe(true);
    });

    test('from a sequence in the middle hands out that record first', async () => {
      const log = await present().open();
      const sequences = await appendTexts(log, spot, numbered(10));
      const records = await readRecords(log, spot, { from: sequences[6] ?? 0, count: 4 });
      expect(textsOf(records)).toEqual(['6', '7', '8', '9']);
    });

    test('from a sequence in the future hands out nothing before it', async () => {
      const log = await present().open();
      const [last = 0] = (await appendTexts(log, spot, numbered(3))).slice(-1);
      const reading = readRecords(log, spot, { from: last + 3, count: 1 });
      await appendTexts(log, spot, numbered(10, 'later '));
      const [record] = await reading;
      expect(record?.sequence).toBeGreaterThanOrEqual(last + 3);
      expect(text(record?.payload ?? new Uint8Array(0))).toMatch(/^later /);
    });

    test('a record carries the time the log took it', async () => {
      const log = await present().open();
      await appendTexts(log, spot, ['early']);
      await present().passTime(50);
      await appendTexts(log, spot, ['late']);
      const [early, late] = await readRecords(log, spot, { from: 1, count: 2 });
      expect((late?.storedTimeMs ?? 0) - (early?.storedTimeMs ?? 0)).toBeGreaterThanOrEqual(50);
    });

    test('a payload that was handed out never changes', async () => {
      const log = await present().open();
      await appendTexts(log, spot, numbered(600, 'the payload of '));
      const records = await readRecords(log, spot, { from: 1, count: 600 });
      await readRecords(log, spot, { from: 300, count: 300 });
      expect(textsOf(records)).toEqual(numbered(600, 'the payload of '));
    });

    test('long lanes of large records are read whole', async () => {
      const log = await present().open();
      const payload = (index: number): Uint8Array => new Uint8Array(60_000).fill(index);
      await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          log.append(spot.stream, spot.lane, payload(index)),
        ),
      );
      const records = await readRecords(log, spot, { from: 1, count: 100 });
      const wrong = records.filter((r, index) => Buffer.compare(r.payload, payload(index)) !== 0);
      expect([records.length, wrong.length]).toEqual([100, 0]);
    });
  });
}

/** Reading what comes. */
export function tailRules(present: Present): void {
  describe('reading at the end', () => {
    test('records appended after the reader caught up arrive', async () => {
      const log = await present().open();
      const end = new AbortController();
      const reader = readFrom(log, 1, end.signal);
      for (const one of numbered(20)) {
        const next = reader.next();
        await log.append(spot.stream, spot.lane, bytes(one));
        expect(text((await next).value.payload)).toBe(one);
      }
      end.abort();
    });

    test('every one of many readers gets every record once, wherever it began', async () => {
      const log = await present().open();
      const readers = Array.from({ length: 10 }, () =>
        readRecords(log, spot, { from: 1, count: 200 }),
      );
      await appendTexts(log, spot, numbered(100));
      readers.push(readRecords(log, spot, { from: 1, count: 200 }));
      await appendTexts(log, spot, numbered(100, 'more '));
      const expected = [...numbered(100), ...numbered(100, 'more ')];
      for (const records of await Promise.all(readers)) expect(textsOf(records)).toEqual(expected);
    });

    test('a reader that stops asking holds up neither appends nor other readers', async () => {
      const log = await present().open();
      const end = new AbortController();
      const slow = readFrom(log, 1, end.signal);
      await log.append(spot.stream, spot.lane, bytes('first'));
      await slow.next();
      const appends = Array.from({ length: 200 }, () =>
        log.append(spot.stream, spot.lane, new Uint8Array(50_000)),
      );
      expect(await readRecords(log, spot, { from: 1, count: 201 })).toHaveLength(201);
      const sequences = (await Promise.all(appends)).map((appended) => appended.sequence);
      for (const expected of sequences) expect((await slow.next()).value.sequence).toBe(expected);
      end.abort();
    });

    test('a hundred readers with one signal end together, without a warning of the runtime', async () => {
      const log = await present().open();
      const warnings: Error[] = [];
      const onWarning = (warning: Error): void => void warnings.push(warning);
      process.on('warning', onWarning);
      const end = new AbortController();
      const waiting = Array.from({ length: 100 }, () => readFrom(log, 1, end.signal).next());
      await appendTexts(log, { ...spot, lane: lane(0) }, ['x']);
      end.abort();
      const ends = await Promise.all(waiting);
      await new Promise((resolve) => setImmediate(resolve));
      process.off('warning', onWarning);
      expect([ends.every(({ done }) => done === true), warnings]).toEqual([true, []]);
    });

    test('the reader of one lane is not disturbed by another lane', async () => {
      const log = await present().open();
      const reading = readRecords(log, spot, { from: 1, count: 1 });
      await appendTexts(log, { ...spot, lane: lane(0) }, numbered(20));
      await appendTexts(log, spot, ['mine']);
      expect(textsOf(await reading)).toEqual(['mine']);
    });
  });
}

/** Ending a read. */
export function endOfReadingRules(present: Present): void {
  describe('the end of reading', () => {
    const limit = (): AbortSignal => AbortSignal.timeout(READ_LIMIT_MS);

    test('abort ends a reader that waits, without an error', async () => {
      const log = await present().open();
      const end = new AbortController();
      const next = readFrom(log, 1, AbortSignal.any([end.signal, limit()])).next();
      end.abort();
      expect(await next).toEqual({ done: true, value: undefined });
    });

    test('abort ends a reader in the middle of what is there', async () => {
      const log = await present().open();
      await appendTexts(log, spot, numbered(50));
      const end = new AbortController();
      const seen: string[] = [];
      for await (const record of log.read(spot.stream, spot.lane, sequence(1), end.signal)) {
        seen.push(text(record.payload));
        if (seen.length === 3) end.abort();
      }
      expect(seen).toEqual(['0', '1', '2']);
    });

    test('a signal that is aborted already hands out nothing', async () => {
      const log = await present().open();
      await appendTexts(log, spot, ['x']);
      expect((await readFrom(log, 1, AbortSignal.abort()).next()).done).toBe(true);
    });

    test('closing the log ends its readers without an error', async () => {
      const log = await present().open();
      const waiting = readFrom(log, 1, limit()).next();
      await appendTexts(log, { ...spot, lane: lane(0) }, ['x']);
      await log.close();
      expect((await waiting).done).toBe(true);
    });
  });
}
