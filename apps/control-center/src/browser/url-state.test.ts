import { expect, test } from 'vitest';
import { formatUrlState, parseUrlState } from './url-state.ts';

test('a selection survives the way through the address', () => {
  const state = { trackerId: 42, view: 'table' } as const;
  expect(parseUrlState(formatUrlState('', state))).toEqual(state);
});

test.each(['?tracker=', '?tracker=0', '?tracker=-1', '?tracker=1e3', '?tracker=%3Cscript%3E'])(
  'what is no tracker selects nothing: %s',
  (search) => {
    expect(parseUrlState(search).trackerId).toBeNull();
  },
);

test('nothing selected on the map is a clean address, foreign parameters stay', () => {
  expect(formatUrlState('?tracker=4', { trackerId: null, view: 'map' })).toBe('');
  expect(formatUrlState('?debug=1', { trackerId: 7, view: 'map' })).toBe('?debug=1&tracker=7');
});
