/** Contract: record ids. */
import { describe, expect, test } from 'vitest';
import { DUPLICATE_WINDOW_MS } from '../port.ts';
import {
  bytes,
  lane,
  readAll,
  textsOf,
  type LogSubject,
  type Present,
  type Spot,
} from './subject.ts';

const spot: Spot = { stream: 'events', lane: lane(0) };
const recordId = 'event-7';

/** Record ids. */
export function duplicateRules(subject: LogSubject, present: Present): void {
  describe('record ids', () => {
    test('a second append with the same id stores nothing and answers the first sequence', async () => {
      const log = await present().open();
      const first = await log.append('events', lane(0), bytes('first'), { recordId });
      const second = await log.append('events', lane(0), bytes('second'), { recordId });
      expect(first.duplicate).toBe(false);
      expect(second).toEqual({ sequence: first.sequence, duplicate: true });
      expect(textsOf(await readAll(log, spot))).toEqual(['first']);
    });

    test('of two appends with the same id under way together one is stored', async () => {
      const log = await present().open();
      const both = await Promise.all([
        log.append('events', lane(0), bytes('same'), { recordId }),
        log.append('events', lane(0), bytes('same'), { recordId }),
      ]);
      expect(both.filter((appended) => appended.duplicate)).toHaveLength(1);
      expect(both[0].sequence).toBe(both[1].sequence);
      expect(textsOf(await readAll(log, spot))).toEqual(['same']);
    });

    test('an id belongs to its stream: the other stream may hold it too', async () => {
      const log = await present().open();
      await log.append('events', lane(0), bytes('event'), { recordId });
      const other = await log.append('positions', lane(0), bytes('position'), { recordId });
      expect(other.duplicate).toBe(false);
    });

    test('records without an id and with other ids are never duplicates', async () => {
      const log = await present().open();
      await log.append('events', lane(0), bytes('same'));
      await log.append('events', lane(0), bytes('same'));
      await log.append('events', lane(0), bytes('same'), { recordId });
      await log.append('events', lane(0), bytes('same'), { recordId: `${recordId}1` });
      expect(await readAll(log, spot)).toHaveLength(4);
    });

    test('ids are remembered over a reopening', async () => {
      const before = await present().open();
      const first = await before.append('events', lane(0), bytes('first'), { recordId });
      await before.close();
      const log = await present().open();
      const second = await log.append('events', lane(0), bytes('second'), { recordId });
      expect(second).toEqual({ sequence: first.sequence, duplicate: true });
    });

    test.skipIf(!subject.passesMinutes)(
      'an id is remembered for the duplicate window and free after it',
      async () => {
        const log = await present().open();
        await log.append('events', lane(0), bytes('first'), { recordId });
        await present().passTime(DUPLICATE_WINDOW_MS - 1);
        const within = await log.append('events', lane(0), bytes('second'), { recordId });
        await present().passTime(1);
        const after = await log.append('events', lane(0), bytes('third'), { recordId });
        expect([within.duplicate, after.duplicate]).toEqual([true, false]);
        expect(textsOf(await readAll(log, spot))).toEqual(['first', 'third']);
      },
    );
  });
}
