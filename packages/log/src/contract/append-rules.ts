/** Contract: appending, bounds, refusals and closing. */
import { describe, expect, test } from 'vitest';
import { MAX_RECORD_BYTES, type Log } from '../port.ts';
import {
  appendTexts,
  bytes,
  CONTRACT_LANES,
  lane,
  numbered,
  readAll,
  sequence,
  textsOf,
  type Present,
  type Spot,
} from './subject.ts';

const spot: Spot = { stream: 'positions', lane: lane(1) };
const never = (): AbortSignal => new AbortController().signal;

async function readOne(log: Log, at: Spot): Promise<void> {
  for await (const _ of log.read(at.stream, at.lane, sequence(1), never())) return;
}

/** Appending. */
export function appendRules(present: Present): void {
  describe('appending', () => {
    test('what was acknowledged is there after the log was closed and opened again', async () => {
      const before = await present().open();
      await appendTexts(before, spot, ['one', 'two']);
      await before.close();
      expect(textsOf(await readAll(await present().open(), spot))).toEqual(['one', 'two']);
    });

    test('sequences of a lane grow strictly, also over a reopening', async () => {
      const before = await present().open();
      const sequences = await appendTexts(before, spot, numbered(5));
      await before.close();
      sequences.push(...(await appendTexts(await present().open(), spot, numbered(5))));
      expect(sequences).toEqual([...new Set(sequences)].toSorted((a, b) => a - b));
      expect(sequences[0]).toBeGreaterThanOrEqual(1);
    });

    test('a lane keeps the order of the calls when nobody waits between them', async () => {
      const log = await present().open();
      const texts = numbered(300);
      await Promise.all(texts.map((one) => log.append(spot.stream, spot.lane, bytes(one))));
      expect(textsOf(await readAll(log, spot))).toEqual(texts);
    });

    test('lanes and streams are separate', async () => {
      const log = await present().open();
      const spots: Spot[] = [
        spot,
        { stream: 'positions', lane: lane(2) },
        { stream: 'events', lane: lane(1) },
      ];
      await Promise.all(spots.map((at) => appendTexts(log, at, [`${at.stream} ${at.lane}`])));
      for (const at of spots) {
        expect(textsOf(await readAll(log, at))).toEqual([`${at.stream} ${at.lane}`]);
      }
    });

    test('the empty record and the largest record come back as they went in', async () => {
      const log = await present().open();
      const largest = Uint8Array.from({ length: MAX_RECORD_BYTES }, (_, index) => index % 251);
      await log.append(spot.stream, spot.lane, new Uint8Array(0));
      await log.append(spot.stream, spot.lane, largest);
      const [empty, full] = await readAll(log, spot);
      expect(empty?.payload).toHaveLength(0);
      expect(Buffer.compare(full?.payload ?? new Uint8Array(0), largest)).toBe(0);
    });

    test('answers how many lanes a stream has', async () => {
      const log = await present().open();
      expect(log.lanes('positions')).toBe(CONTRACT_LANES.positions);
      expect(log.lanes('events')).toBe(CONTRACT_LANES.events);
    });

    test('says in words what an acknowledged append survives', async () => {
      expect((await present().open()).durability).toMatch(/\w{4}.*\.$/);
    });
  });
}

/** Bounds. */
export function boundsRules(present: Present): void {
  describe('bounds', () => {
    test('of a lane that never had a record are first 1, last 0', async () => {
      const log = await present().open();
      expect(await log.bounds(spot.stream, spot.lane)).toEqual({ first: 1, last: 0 });
    });

    test('are the sequences of the oldest and the newest record', async () => {
      const log = await present().open();
      const sequences = await appendTexts(log, spot, numbered(3));
      expect(await log.bounds(spot.stream, spot.lane)).toEqual({
        first: sequences[0],
        last: sequences[2],
      });
    });
  });
}

/** Refusals. */
export function refusalRules(present: Present): void {
  describe('refusals', () => {
    test('a record over the limit is refused with RECORD_TOO_LARGE and leaves no trace', async () => {
      const log = await present().open();
      const tooLarge = new Uint8Array(MAX_RECORD_BYTES + 1);
      await expect(log.append(spot.stream, spot.lane, tooLarge)).rejects.toMatchObject({
        name: 'LogError',
        code: 'RECORD_TOO_LARGE',
      });
      expect(await log.bounds(spot.stream, spot.lane)).toEqual({ first: 1, last: 0 });
    });

    test('a lane that is not there is refused with NO_SUCH_LANE everywhere', async () => {
      const log = await present().open();
      const outside = lane(CONTRACT_LANES.positions);
      const limits = { olderThanMs: 0, keepFrom: sequence(1) };
      const refused = { name: 'LogError', code: 'NO_SUCH_LANE' };
      await expect(log.append('positions', outside, bytes('x'))).rejects.toMatchObject(refused);
      await expect(log.bounds('positions', outside)).rejects.toMatchObject(refused);
      await expect(log.trim('positions', outside, limits)).rejects.toMatchObject(refused);
      await expect(readOne(log, { stream: 'positions', lane: outside })).rejects.toMatchObject(
        refused,
      );
    });

    test('a closed log refuses everything with CLOSED', async () => {
      const log = await present().open();
      await log.close();
      const limits = { olderThanMs: 0, keepFrom: sequence(1) };
      const calls = [
        log.append(spot.stream, spot.lane, bytes('x')),
        log.bounds(spot.stream, spot.lane),
        log.trim(spot.stream, spot.lane, limits),
        log.getKey('key'),
        log.setKey('key', bytes('x'), null),
        log.deleteKey('key', 1),
        readOne(log, spot),
      ];
      const outcomes = await Promise.allSettled(calls);
      expect(
        outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code),
      ).toEqual(calls.map(() => 'CLOSED'));
    });

    test('closing waits for the appends under way, and closing twice is harmless', async () => {
      const log = await present().open();
      const appends = numbered(50).map((one) => log.append(spot.stream, spot.lane, bytes(one)));
      await Promise.all([log.close(), log.close()]);
      expect(await Promise.all(appends)).toHaveLength(50);
      expect(textsOf(await readAll(await present().open(), spot))).toEqual(numbered(50));
    });
  });
}
