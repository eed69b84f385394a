import { trustedId, type Lane, type LogSequence } from '@followme/model';
import { describe, expect, test } from 'vitest';
import type { LogRecord } from '../port.ts';
import { RecentRecords } from './recent-records.ts';

const record = (sequence: number, bytes = 1): LogRecord => ({
  lane: trustedId<Lane>(0),
  sequence: trustedId<LogSequence>(sequence),
  storedTimeMs: sequence,
  payload: new Uint8Array(bytes),
});

function holding(...sequences: number[]): RecentRecords {
  const recent = new RecentRecords(sequences[0] ?? 1);
  for (const sequence of sequences) recent.add(record(sequence));
  return recent;
}

const sequencesOf = (records: readonly LogRecord[] | null): number[] | null =>
  records?.map(({ sequence }) => sequence) ?? null;

describe('the newest records of a lane', () => {
  test('are handed out from where a reader stands', () => {
    const recent = holding(4, 5, 6);
    expect(sequencesOf(recent.since(4))).toEqual([4, 5, 6]);
    expect(sequencesOf(recent.since(6))).toEqual([6]);
    expect(sequencesOf(recent.since(7))).toEqual([]);
  });

  test('do not answer for what came before them', () => {
    expect(holding(4, 5).since(3)).toBeNull();
  });

  test('are bounded by number and by bytes, and know what they gave up', () => {
    const many = holding(...Array.from({ length: 70 }, (_, at) => at + 1));
    expect(many.since(6)).toBeNull();
    expect(many.since(7)).toHaveLength(64);
    const large = new RecentRecords(1);
    for (const sequence of [1, 2, 3]) large.add(record(sequence, 100_000));
    expect(large.since(1)).toBeNull();
    expect(sequencesOf(large.since(2))).toEqual([2, 3]);
  });

  test('end at a gap: what lies around it is read from disk', () => {
    const recent = holding(1, 2);
    recent.add(record(4));
    expect(recent.since(2)).toBeNull();
    expect(recent.since(4)).toBeNull();
    recent.add(record(5));
    expect(sequencesOf(recent.since(5))).toEqual([5]);
  });

  test('never skip one that became durable out of order', () => {
    const recent = holding(1);
    recent.add(record(3));
    recent.add(record(2));
    expect(recent.since(2)).toBeNull();
    expect(recent.since(3)).toBeNull();
    recent.add(record(4));
    expect(sequencesOf(recent.since(4))).toEqual([4]);
  });

  test('let go of what is trimmed', () => {
    const recent = holding(1, 2, 3);
    recent.trimmed(2);
    expect(recent.since(2)).toBeNull();
    expect(sequencesOf(recent.since(3))).toEqual([3]);
    recent.trimmed(3);
    recent.add(record(4));
    expect(sequencesOf(recent.since(4))).toEqual([4]);
  });
});
