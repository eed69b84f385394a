import { expect, test } from 'vitest';
import { createCirclePull, type Spot } from './circle-pull.ts';
import type { DrawAction } from './drawing.ts';

const spot = (x: number): Spot => ({ point: { x, y: 0 }, at: [x / 100, 52] });
const place = (x: number): DrawAction => ({ type: 'place', at: [x / 100, 52] });

/** What comes of a press at 0, moves, and letting go; and whether the click after it was part of it. */
function stroke(...moves: readonly number[]) {
  const acts: DrawAction[] = [];
  const pull = createCirclePull((action) => acts.push(action));
  pull.press(spot(0));
  for (const x of moves) pull.move(spot(x));
  pull.release();
  return { acts, takesClick: pull.takesClick() };
}

test('a circle goes from where the mouse was pressed to where it was let go', () => {
  expect(stroke(20, 60, 50)).toEqual({ acts: [place(0), place(50)], takesClick: false });
});

test('a press that hardly moves is a click and draws nothing', () => {
  expect(stroke(2)).toEqual({ acts: [], takesClick: false });
});

test('back on the centre the circle stays open, and the click of that release sets no edge', () => {
  expect(stroke(20, 1)).toEqual({ acts: [place(0)], takesClick: true });
});

test('moving without a press draws nothing', () => {
  const acts: DrawAction[] = [];
  const pull = createCirclePull((action) => acts.push(action));
  pull.move(spot(50));
  pull.release();
  expect(acts).toEqual([]);
});
