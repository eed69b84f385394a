import { expect, test } from 'vitest';
import { readRetentionSettings } from './retention-settings.ts';

test('positions and events are kept 400 days unless told', () => {
  expect(readRetentionSettings({}, {})).toEqual({ keep: { positionDays: 400, eventDays: 400 } });
});

test('flags go before the environment', () => {
  const environment = { FOLLOWME_KEEP_POSITIONS: '30', FOLLOWME_KEEP_EVENTS: '90' };
  expect(readRetentionSettings({ keepPositions: '60' }, environment)).toEqual({
    keep: { positionDays: 60, eventDays: 90 },
  });
});

test.each(['0', '1', '4000', '-5', '30d', ''])('%j days are refused, naming the flag', (text) => {
  expect(() => readRetentionSettings({ keepPositions: text }, {})).toThrow(
    `--keep-positions: got "${text}", expected a whole number from 2 to 3660.`,
  );
});
