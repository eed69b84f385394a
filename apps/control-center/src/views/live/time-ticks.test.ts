import { describe, expect, it } from 'vitest';
import { timeTicks } from './time-ticks.ts';

const at = (hour: number, minute: number): number =>
  new Date(2026, 2, 10, hour, minute, 20).getTime();
const words = (ticks: readonly number[]): string[] =>
  ticks.map((ms) => `${new Date(ms).getHours()}:${new Date(ms).getMinutes()}`);

describe('labels of a time axis', () => {
  it('stand at whole hours when a few hours are shown', () => {
    expect(words(timeTicks(at(17, 50), at(20, 40), 4))).toEqual(['18:0', '19:0', '20:0']);
  });

  it('stand further apart on a whole day, still at whole hours', () => {
    expect(words(timeTicks(at(0, 5), at(21, 42), 4))).toEqual(['6:0', '12:0', '18:0']);
  });

  it('stand at parts of an hour when less than an hour is shown', () => {
    expect(words(timeTicks(at(9, 2), at(9, 40), 4))).toEqual(['9:15', '9:30']);
  });

  it('are none when no whole minute lies between', () => {
    expect(timeTicks(at(9, 2), at(9, 2) + 30_000, 4)).toEqual([]);
  });

  it('never are more than asked for', () => {
    for (let hours = 1; hours <= 24; hours += 1) {
      const fromMs = at(0, 0);
      expect(timeTicks(fromMs, fromMs + hours * 3_600_000, 4).length).toBeLessThanOrEqual(4);
    }
  });
});
