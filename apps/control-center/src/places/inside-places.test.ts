import { expect, test } from 'vitest';
import type { Crossing } from '../live/socket-frames.ts';
import { insidePlaces } from './inside-places.ts';

function crossing(kind: 'enter' | 'exit', fenceId: number, fixMs: number): Crossing {
  const fenceName = `Place ${fenceId}`;
  return { eventId: `${fenceId}-${fixMs}`, kind, trackerId: 1, fenceId, fenceName, fixMs };
}

test('a place that was entered and not left since is one to be in, the newest first', () => {
  const crossings = [
    crossing('enter', 1, 100),
    crossing('exit', 2, 400),
    crossing('enter', 2, 300),
    crossing('enter', 3, 500),
  ];
  expect(insidePlaces(crossings, () => true)).toEqual([
    { fenceId: 3, name: 'Place 3', sinceMs: 500 },
    { fenceId: 1, name: 'Place 1', sinceMs: 100 },
  ]);
});

test('the order in which crossings are told does not matter', () => {
  const told = [crossing('exit', 1, 200), crossing('enter', 1, 300), crossing('enter', 1, 100)];
  expect(insidePlaces(told, () => true)[0]?.sinceMs).toBe(300);
  expect(insidePlaces([crossing('exit', 1, 200), crossing('enter', 1, 100)], () => true)).toEqual(
    [],
  );
});

test('nobody is in a place that is not there any more', () => {
  expect(insidePlaces([crossing('enter', 1, 100)], () => false)).toEqual([]);
});
