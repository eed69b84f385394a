import { expect, test } from 'vitest';
import { applyFix, unheardTracker } from '../../live/live-tracker.ts';
import { fixOf } from '../../testing.ts';
import { stateSentence, stateWord } from './state-words.ts';

const mover = applyFix(undefined, fixOf({ speedKmh: 14 }), 0);

test('while there is no connection nothing is claimed of now', () => {
  expect(stateSentence(mover, 0, null)).toBe('Moving, 14 km/h');
  expect(stateSentence(mover, 0, 1)).toBe('Was moving, 14 km/h');
  expect(stateWord(mover, 1)).toBe('Was moving');
});

test('a place that is not a fix is called so', () => {
  const lost = applyFix(undefined, fixOf({ speedKmh: 14, valid: false }), 0);
  expect(stateWord(lost, null)).toBe('No fix');
  expect(stateSentence(lost, 0, null)).toBe('No fix, the last place is shown');
});

test('who never reported has no state to tell', () => {
  expect(stateSentence(unheardTracker({ trackerId: 1, name: 'Van', groupIds: [] }), 0, null)).toBe(
    'Nothing received yet',
  );
});
