import { trustedId, type Lane, type LogSequence } from '@followme/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogRecord } from '../port.ts';
import { RecentRecords } from './recent-records.ts';

const FIRST = 5;

const record = (sequence: number, bytes: number): LogRecord => ({
  lane: trustedId<Lane>(0),
  sequence: trustedId<LogSequence>(sequence),
  storedTimeMs: sequence,
  payload: new Uint8Array(bytes),
});

/** What a lane goes through: appends of which some fail, and trims. */
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ append: fc.constantFrom(10, 10, 100_000, 300_000) }) },
  { weight: 1, arbitrary: fc.record({ failed: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ trimmedBack: fc.integer({ min: 0, max: 80 }) }) },
);

test('what is handed out is all that a reader would find on disk, whatever became of appends and trims', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const recent = new RecentRecords(FIRST);
      let disk: number[] = [];
      let allocated = FIRST - 1;
      for (const change of steps) {
        if ('append' in change) {
          allocated += 1;
          disk.push(allocated);
          recent.add(record(allocated, change.append));
        } else if ('failed' in change) allocated += change.failed;
        else {
          const upTo = Math.max(0, (disk.at(-1) ?? 0) - change.trimmedBack);
          disk = disk.filter((sequence) => sequence > upTo);
          recent.trimmed(upTo);
        }
        const durable = disk.at(-1) ?? 0;
        for (let from = Math.max(1, durable - 70); from <= durable; from += 1) {
          const handedOut = recent.since(from)?.map(({ sequence }) => Number(sequence));
          if (handedOut === undefined) continue;
          expect(handedOut).toEqual(disk.filter((sequence) => sequence >= from));
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('the newest record is held unless it is too large, so that readers that keep up never go to disk', () => {
  const recent = new RecentRecords(FIRST);
  for (let sequence = FIRST; sequence < 500; sequence += 1) {
    recent.add(record(sequence, 1000));
    expect(recent.since(sequence)).toHaveLength(1);
  }
  recent.add(record(500, 256_001));
  expect(recent.since(500)).toBeNull();
});
