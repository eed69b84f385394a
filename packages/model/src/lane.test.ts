import { expect, test } from 'vitest';
import { parseTrackerId, trustedId, type TrackerId } from './ids.ts';
import { laneOf } from './lane.ts';

test('a lane is fixed for ever: the known values of the hash', () => {
  const lanes = [1, 2, 2779, 100_000, 2 ** 31 - 1].map((id) =>
    laneOf(trustedId<TrackerId>(id), 16),
  );
  expect(lanes).toEqual([4, 7, 0, 10, 1]);
});

test('trackers spread evenly over the lanes', () => {
  const counts = Array.from({ length: 16 }, () => 0);
  for (let id = 1; id <= 16_000; id += 1) {
    const lane = laneOf(trustedId<TrackerId>(id), 16);
    counts[lane] = (counts[lane] ?? 0) + 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(800);
  expect(Math.max(...counts)).toBeLessThan(1_200);
});

test('an identity is a positive 32-bit integer or its decimal text, nothing else', () => {
  expect(parseTrackerId('2779')).toEqual({ ok: true, value: 2779 });
  expect(parseTrackerId(2779)).toEqual({ ok: true, value: 2779 });
  for (const bad of [0, -1, 1.5, 2 ** 31, '01', '1e3', ' 1', '', '2147483648', null, {}, '../x']) {
    expect(parseTrackerId(bad)).toEqual({ ok: false, error: { code: 'NOT_AN_ID', got: bad } });
  }
});
