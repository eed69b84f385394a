/** Contract: nothing acknowledged is lost by `kill -9`. */
import { createRandom } from '@followme/platform';
import { describe, expect, test, vi } from 'vitest';
import type { Log, LogRecord } from '../port.ts';
import {
  appendedPayload,
  claimOf,
  parseAcknowledgement,
  type Acknowledgement,
} from './appender.ts';
import { CONTRACT_LANES, lane, readAll, type Present } from './subject.ts';

const ROUNDS = 5;
const START_LIMIT_MS = 20_000;

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

async function readEverything(log: Log): Promise<Map<string, LogRecord>> {
  const records = new Map<string, LogRecord>();
  for (let number = 0; number < CONTRACT_LANES.positions; number += 1) {
    for (const record of await readAll(log, { stream: 'positions', lane: lane(number) })) {
      records.set(`${number} ${record.sequence}`, record);
    }
  }
  return records;
}

/** Records of a lane whose round and number do not grow from the record before. */
function outOfOrder(records: Iterable<LogRecord>): LogRecord[] {
  const newest = new Map<number, number>();
  return [...records].filter((record) => {
    const claim = claimOf(record.payload);
    const place = claim.round * 2 ** 32 + claim.number;
    const isLate = place <= (newest.get(record.lane) ?? -1);
    newest.set(record.lane, place);
    return isLate;
  });
}

/** Crashes. */
export function crashRules(present: Present): void {
  describe('kill -9', () => {
    test('loses nothing that was acknowledged, at any moment, however often', async () => {
      const random = createRandom('kill moments');
      const acknowledged: Acknowledgement[] = [];
      for (let round = 1; round <= ROUNDS; round += 1) {
        const appender = present().startAppender(round);
        const enough = random.integer(1, 1_500);
        await vi.waitFor(() => expect(appender.lines().length).toBeGreaterThanOrEqual(enough), {
          timeout: START_LIMIT_MS,
          interval: random.integer(1, 20),
        });
        await appender.kill();
        acknowledged.push(...appender.lines().map(parseAcknowledgement));

        const log = await present().open();
        const records = await readEverything(log);
        const lost = acknowledged.filter((ack) => {
          const record = records.get(`${ack.lane} ${ack.sequence}`);
          return record === undefined || !isSame(record.payload, appendedPayload(ack));
        });
        expect(lost).toEqual([]);
        const damaged = [...records.values()].filter(
          ({ payload }) => !isSame(payload, appendedPayload(claimOf(payload))),
        );
        expect(damaged).toEqual([]);
        expect(outOfOrder(records.values())).toEqual([]);
        await log.close();
      }
      expect(acknowledged.length).toBeGreaterThan(ROUNDS);
    });
  });
}
