/** Contract: trimming. */
import { describe, expect, test } from 'vitest';
import {
  appendTexts,
  lane,
  numbered,
  readAll,
  readRecords,
  sequence,
  textsOf,
  type Present,
  type Spot,
} from './subject.ts';

const spot: Spot = { stream: 'positions', lane: lane(2) };
const HOUR_MS = 3_600_000;

/** Trimming. */
export function trimRules(present: Present): void {
  describe('trimming', () => {
    test('never removes at or after keepFrom', async () => {
      const log = await present().open();
      const sequences = await appendTexts(log, spot, numbered(10));
      await present().passTime(50);
      const keepFrom = sequence(sequences[4] ?? 0);
      expect(await log.trim(spot.stream, spot.lane, { olderThanMs: 0, keepFrom })).toBe(4);
      expect(textsOf(await readAll(log, spot))).toEqual(numbered(10).slice(4));
      expect((await log.bounds(spot.stream, spot.lane)).first).toBe(keepFrom);
    });

    test('never removes what is stored for olderThanMs or less', async () => {
      const log = await present().open();
      await appendTexts(log, spot, ['old', 'old too']);
      await present().passTime(2_000);
      const [young = 0] = await appendTexts(log, spot, ['young']);
      const limits = { olderThanMs: 1_000, keepFrom: sequence(young + 1) };
      expect(await log.trim(spot.stream, spot.lane, { ...limits, olderThanMs: HOUR_MS })).toBe(0);
      expect(await log.trim(spot.stream, spot.lane, limits)).toBe(2);
      expect(textsOf(await readAll(log, spot))).toEqual(['young']);
    });

    test('a lane trimmed empty still knows its last sequence, also over a reopening', async () => {
      const before = await present().open();
      const [last = 0] = (await appendTexts(before, spot, numbered(5))).slice(-1);
      await present().passTime(50);
      const limits = { olderThanMs: 0, keepFrom: sequence(last + 1) };
      expect(await before.trim(spot.stream, spot.lane, limits)).toBe(5);
      expect(await before.bounds(spot.stream, spot.lane)).toEqual({ first: last + 1, last });
      await before.close();
      const log = await present().open();
      expect(await log.bounds(spot.stream, spot.lane)).toEqual({ first: last + 1, last });
      const [next = 0] = await appendTexts(log, spot, ['next']);
      expect(next).toBeGreaterThan(last);
    });

    test('reading from a trimmed sequence begins at the oldest record kept', async () => {
      const log = await present().open();
      const sequences = await appendTexts(log, spot, numbered(10));
      await present().passTime(50);
      const keepFrom = sequence(sequences[7] ?? 0);
      await log.trim(spot.stream, spot.lane, { olderThanMs: 0, keepFrom });
      expect(textsOf(await readRecords(log, spot, { from: 1, count: 3 }))).toEqual(['7', '8', '9']);
    });

    test('a reader behind what was trimmed goes on with what comes', async () => {
      const log = await present().open();
      const [last = 0] = (await appendTexts(log, spot, numbered(5))).slice(-1);
      await present().passTime(50);
      const keepFrom = sequence(last + 1);
      await log.trim(spot.stream, spot.lane, { olderThanMs: 0, keepFrom });
      const reading = readRecords(log, spot, { from: 1, count: 1 });
      await appendTexts(log, spot, ['new']);
      expect(textsOf(await reading)).toEqual(['new']);
    });

    test('long lanes are trimmed whole while others append, and counted once', async () => {
      const log = await present().open();
      const [last = 0] = (await appendTexts(log, spot, numbered(700))).slice(-1);
      await present().passTime(50);
      const limits = { olderThanMs: 0, keepFrom: sequence(last) };
      const other = { ...spot, lane: lane(0) };
      const [removed, removedToo] = await Promise.all([
        log.trim(spot.stream, spot.lane, limits),
        log.trim(spot.stream, spot.lane, limits),
        appendTexts(log, other, numbered(50)),
      ]);
      expect(removed + removedToo).toBe(699);
      expect(textsOf(await readAll(log, spot))).toEqual(['699']);
      expect(textsOf(await readAll(log, other))).toEqual(numbered(50));
    });
  });
}
