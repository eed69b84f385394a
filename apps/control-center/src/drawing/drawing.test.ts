import { describe, expect, test } from 'vitest';
import type { LonLat } from '../places/sphere.ts';
import { shapeProblem } from './check.ts';
import { cornersOf, fromGeometry, midpointsOf, shifted, tidy, toGeometry } from './draft.ts';
import { draw, type DrawAction, type Drawing, startDrawing } from './drawing.ts';
import { footOn, nearestWithin } from './hit.ts';
import { keyMeaning } from './keys.ts';
import { measureOf } from './measure.ts';

const after = (start: Drawing, ...actions: readonly DrawAction[]): Drawing =>
  actions.reduce(draw, start);
const place = (lon: number, lat: number): DrawAction => ({ type: 'place', at: [lon, lat] });
const corners = ({ draft }: Drawing): readonly LonLat[] => (draft === null ? [] : cornersOf(draft));
const TRIANGLE = [place(0, 0), place(1, 0), place(0, 1)] as const;

describe('drawing', () => {
  test('corners, then done: a closed polygon as the server takes it', () => {
    const drawing = after(startDrawing(null), ...TRIANGLE, { type: 'finish' });
    expect(drawing.isOpen).toBe(false);
    expect(drawing.draft && toGeometry(drawing.draft)).toEqual({
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [1, 0],
          [0, 1],
          [0, 0],
        ],
      ],
    });
  });

  test('a corner on the first one closes, one on the last one too', () => {
    for (const end of [place(0, 0), place(0, 1)]) {
      const drawing = after(startDrawing(null), ...TRIANGLE, end);
      expect([drawing.isOpen, corners(drawing).length]).toEqual([false, 3]);
    }
  });

  test('too few corners are not done', () => {
    expect(after(startDrawing(null), place(0, 0), place(1, 0), { type: 'finish' }).isOpen).toBe(
      true,
    );
    expect(after(startDrawing(null), { type: 'finish' }).draft).toBeNull();
    const line = after(startDrawing(null, 'corridor'), place(0, 0), { type: 'finish' });
    expect(line.isOpen).toBe(true);
  });

  test('a circle is a centre and an edge', () => {
    const circle = after(startDrawing(null, 'circle'), place(5, 52), {
      type: 'place',
      at: shifted([5, 52], 250, 0),
    });
    expect(circle.isOpen).toBe(false);
    expect(circle.draft && toGeometry(circle.draft)).toEqual({
      type: 'Point',
      coordinates: [5, 52],
      radiusM: 250,
    });
    const moved = draw(circle, { type: 'move', corner: 0, to: [6, 53], gesture: null });
    expect(moved.draft).toMatchObject({ centre: [6, 53], radiusM: 250 });
  });

  test('a corridor is a line with a width', () => {
    const line = after(
      startDrawing(null, 'corridor'),
      place(0, 0),
      place(1, 0),
      { type: 'finish' },
      { type: 'setWidth', widthM: 75 },
    );
    expect(line.draft && toGeometry(line.draft)).toEqual({
      type: 'LineString',
      coordinates: [
        [0, 0],
        [1, 0],
      ],
      widthM: 75,
    });
  });

  test('undo goes back corner by corner to nothing, redo forth again, and what is new forgets redo', () => {
    let drawing = after(startDrawing(null), ...TRIANGLE, { type: 'finish' });
    const done = drawing;
    const counts: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      drawing = draw(drawing, { type: 'undo' });
      counts.push(corners(drawing).length);
    }
    expect(counts).toEqual([3, 2, 1, 0, 0]);
    for (let i = 0; i < 5; i += 1) drawing = draw(drawing, { type: 'redo' });
    expect(drawing.draft).toEqual(done.draft);
    expect(drawing.isOpen).toBe(false);
    const anew = after(done, { type: 'undo' }, place(2, 2));
    expect(anew.redoSteps).toEqual([]);
  });

  test('a drag is one step of undo, two drags are two', () => {
    const start = after(startDrawing(null), ...TRIANGLE, { type: 'finish' });
    const drag = (gesture: string, to: LonLat): DrawAction => ({
      type: 'move',
      corner: 1,
      to,
      gesture,
    });
    const dragged = after(start, drag('a', [1.1, 0]), drag('a', [1.2, 0]), drag('b', [1.3, 0]));
    expect(corners(dragged)[1]).toEqual([1.3, 0]);
    expect(corners(draw(dragged, { type: 'undo' }))[1]).toEqual([1.2, 0]);
    expect(corners(after(dragged, { type: 'undo' }, { type: 'undo' }))[1]).toEqual([1, 0]);
  });

  test('a corner goes, but never the last three; of an open line the last goes', () => {
    const square = after(startDrawing(null), ...TRIANGLE, place(-1, 1), { type: 'finish' });
    const triangle = draw(square, { type: 'remove', corner: 0 });
    expect(corners(triangle)).toHaveLength(3);
    expect(draw(triangle, { type: 'remove', corner: 0 })).toBe(triangle);
    const open = after(startDrawing(null), place(0, 0), { type: 'remove', corner: null });
    expect([open.draft, open.isOpen]).toEqual([null, true]);
  });

  test('another tool begins anew and can be undone', () => {
    const drawn = after(startDrawing(null), ...TRIANGLE, { type: 'finish' });
    const circle = draw(drawn, { type: 'chooseTool', tool: 'circle' });
    expect([circle.draft, circle.isOpen, circle.tool]).toEqual([null, true, 'circle']);
    expect(draw(circle, { type: 'undo' })).toMatchObject({ tool: 'polygon', draft: drawn.draft });
  });

  test('a shape that is there begins with the tool it is drawn with, also when it is taken over', () => {
    const circle = { kind: 'circle', centre: [5, 52], radiusM: 80 } as const;
    const line = {
      kind: 'corridor',
      line: [
        [0, 0],
        [1, 0],
      ],
      widthM: 20,
    } as const;
    expect([startDrawing(circle).tool, startDrawing(line).tool]).toEqual(['circle', 'corridor']);
    const taken = draw(startDrawing(circle), { type: 'take', draft: line });
    expect([taken.tool, draw(taken, { type: 'undo' }).tool]).toEqual(['corridor', 'circle']);
  });

  test('undo keeps a bounded number of steps', () => {
    let drawing = startDrawing(null);
    for (let i = 0; i < 300; i += 1) drawing = draw(drawing, place(i / 10, 0));
    expect(drawing.undoSteps).toHaveLength(200);
  });
});

describe('shapes that were imported', () => {
  const hole = [
    [0.2, 0.2],
    [0.2, 0.4],
    [0.4, 0.2],
    [0.2, 0.2],
  ];
  const outer = [
    [0, 0],
    [1, 0],
    [0, 1],
    [0, 0],
  ];

  test('every geometry comes back as it was', () => {
    for (const geometry of [
      { type: 'Polygon', coordinates: [outer, hole] },
      {
        type: 'MultiPolygon',
        coordinates: [[outer, hole], [outer.map(([x = 0, y = 0]) => [x + 5, y])]],
      },
      { type: 'Point', coordinates: [4.5, 52], radiusM: 12.5 },
      {
        type: 'LineString',
        coordinates: [
          [0, 0],
          [1, 1],
        ],
        widthM: 30,
      },
    ] as const) {
      expect(toGeometry(fromGeometry(structuredClone(geometry) as never))).toEqual(geometry);
    }
  });

  test('corners are counted through holes, and a hole goes with its third corner', () => {
    const draft = fromGeometry({ type: 'Polygon', coordinates: [outer, hole] });
    const drawing = startDrawing(draft);
    const moved = draw(drawing, { type: 'move', corner: 4, to: [0.25, 0.45], gesture: null });
    expect(corners(moved)[4]).toEqual([0.25, 0.45]);
    const filled = draw(drawing, { type: 'remove', corner: 3 });
    expect(filled.draft).toEqual({
      kind: 'area',
      polygons: [
        [
          [
            [0, 0],
            [1, 0],
            [0, 1],
          ],
        ],
      ],
    });
    expect(midpointsOf(draft, false)).toHaveLength(6);
  });
});

describe('what is wrong with a shape', () => {
  test('a bow tie says where it crosses', () => {
    const drawing = after(startDrawing(null), place(0, 0), place(1, 1), place(1, 0), place(0, 1), {
      type: 'finish',
    });
    const problem = drawing.draft && shapeProblem(toGeometry(drawing.draft));
    expect(problem?.reason).toBe('SELF_INTERSECTION');
    expect(problem?.place?.map((x) => Math.round(x * 10) / 10)).toEqual([0.5, 0.5]);
  });

  test('a good one has no problem, an endless one has', () => {
    const good = after(startDrawing(null), ...TRIANGLE, { type: 'finish' }).draft;
    expect(good && shapeProblem(toGeometry(good))).toBeNull();
    const bad = { type: 'Point', coordinates: [0, 0], radiusM: Number.NaN } as const;
    expect(shapeProblem({ ...bad, coordinates: [...bad.coordinates] })?.reason).toBe(
      'NOT_A_NUMBER',
    );
  });
});

describe('size', () => {
  test('of a square of a tenth of a degree at 52° it is what maps say, to half a percent', () => {
    const square = fromGeometry({
      type: 'Polygon',
      coordinates: [
        [
          [5, 52],
          [5.1, 52],
          [5.1, 52.1],
          [5, 52.1],
          [5, 52],
        ],
      ],
    });
    const { areaM2, aroundM } = measureOf(square);
    // 11.12 km by 6.84 km (cosine of 52.05°)
    expect(areaM2 / 1e6).toBeCloseTo(76.04, 0);
    expect(aroundM / 1e3).toBeCloseTo(35.9, 0);
  });

  test('a hole is taken off, the antimeridian changes nothing', () => {
    const ring = (west: number) =>
      [0, 1, 1, 0, 0].map((x, i) => [
        west + x > 180 ? west + x - 360 : west + x,
        i < 2 || i === 4 ? 0 : 1,
      ]);
    const here = measureOf(fromGeometry({ type: 'Polygon', coordinates: [ring(10)] }));
    const there = measureOf(fromGeometry({ type: 'Polygon', coordinates: [ring(179.5)] }));
    expect(there.areaM2).toBeCloseTo(here.areaM2, -3);
    expect(there.aroundM).toBeCloseTo(here.aroundM, 0);
    const none = measureOf(fromGeometry({ type: 'Polygon', coordinates: [ring(10), ring(10)] }));
    expect(none.areaM2).toBe(0);
  });

  test('a circle has its area and a corridor its length', () => {
    expect(measureOf({ kind: 'circle', centre: [5, 52], radiusM: 100 }).areaM2).toBeCloseTo(
      31_416,
      0,
    );
    const line = {
      kind: 'corridor',
      line: [
        [5, 52],
        [5, 52.01],
      ],
      widthM: 10,
    } as const;
    expect(measureOf(line).aroundM).toBeCloseTo(1_112, 0);
  });
});

describe('places', () => {
  test('are on the map and to a centimetre', () => {
    expect(tidy([181, 91])).toEqual([-179, 90]);
    expect(tidy([4.123456789, 52])).toEqual([4.1234568, 52]);
  });

  test('move by metres, also far north', () => {
    const [lon, lat] = shifted([5, 60], 1_000, 1_000);
    expect(lon - 5).toBeCloseTo(0.01799, 4);
    expect(lat - 60).toBeCloseTo(0.00899, 4);
  });
});

describe('under the pointer', () => {
  test('the nearest within reach is taken', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
    ];
    expect(nearestWithin(points, { x: 7, y: 0 }, 10)).toBe(1);
    expect(nearestWithin(points, { x: 30, y: 0 }, 10)).toBeNull();
  });

  test('the foot on an edge stays between its ends', () => {
    expect(footOn({ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 4, y: 3 })).toEqual({ x: 4, y: 0 });
    expect(footOn({ x: 0, y: 0 }, { x: 10, y: 0 }, { x: -4, y: 3 })).toEqual({ x: 0, y: 0 });
  });
});

describe('keys alone', () => {
  const at: LonLat = [5, 52];
  const press = (drawing: Drawing, key: string, shift = false, command = false) =>
    keyMeaning({ key, shift, command, isRepeat: false }, drawing, at);

  test('arrows move the crosshair, with Shift ten times as far', () => {
    const open = startDrawing(null);
    expect(press(open, 'ArrowRight')).toEqual({ type: 'crosshair', rightPx: 4, downPx: 0 });
    expect(press(open, 'ArrowUp', true)).toEqual({ type: 'crosshair', rightPx: 0, downPx: -40 });
  });

  test.each(['Enter', ' '])('%j sets a corner where the crosshair is', (key) => {
    expect(press(startDrawing(null), key)).toEqual({ type: 'draw', action: { type: 'place', at } });
  });

  test.each(['Enter', ' '])(
    '%j shows a crosshair that is out of sight, and sets nothing',
    (key) => {
      const press = { key, shift: false, command: false, isRepeat: false };
      const shown = { type: 'crosshair', rightPx: 0, downPx: 0 };
      expect(keyMeaning(press, startDrawing(null), null)).toEqual(shown);
    },
  );

  test('Backspace takes the last corner back, D is done', () => {
    const open = startDrawing(null);
    expect(press(open, 'Backspace')).toEqual({
      type: 'draw',
      action: { type: 'remove', corner: null },
    });
    expect(press(open, 'd')).toEqual({ type: 'draw', action: { type: 'finish' } });
  });

  const closed = after(startDrawing(null), ...TRIANGLE, { type: 'finish' });
  const second = draw(closed, { type: 'activate', corner: 1 });

  test('afterwards Tab goes from corner to corner and then on', () => {
    expect(press(closed, 'Tab')).toEqual({ type: 'draw', action: { type: 'activate', corner: 0 } });
    expect(press(second, 'Tab')).toEqual({ type: 'draw', action: { type: 'activate', corner: 2 } });
    expect(press(second, 'Tab', true)).toEqual({
      type: 'draw',
      action: { type: 'activate', corner: 0 },
    });
    expect(press(draw(closed, { type: 'activate', corner: 2 }), 'Tab')).toBeNull();
    expect(press(closed, 'Tab', true)).toBeNull();
  });

  test('arrows move the corner one metre, with Shift ten', () => {
    const move = (key: string, shift: boolean) => {
      const meaning = press(second, key, shift);
      if (meaning?.type !== 'draw') throw new Error('no action');
      return corners(draw(second, meaning.action))[1] ?? [0, 0];
    };
    const metresPerDegree = 111_195;
    expect((move('ArrowRight', false)[0] - 1) * metresPerDegree).toBeCloseTo(1, 1);
    expect(move('ArrowUp', true)[1] * metresPerDegree).toBeCloseTo(10, 1);
  });

  test('Delete removes the corner, Enter is done, other keys belong to the page', () => {
    expect(press(second, 'Delete')).toEqual({
      type: 'draw',
      action: { type: 'remove', corner: 1 },
    });
    expect(press(second, 'Enter')).toEqual({ type: 'done' });
    expect(press(second, 'x')).toBeNull();
    expect(press(closed, 'ArrowUp')).toBeNull();
  });

  test('Enter and Space held down set one corner and save nothing; arrows held down go on', () => {
    const held = (drawing: Drawing, key: string) =>
      keyMeaning({ key, shift: false, command: false, isRepeat: true }, drawing, at);
    const nothing = { type: 'nothing' };
    expect([held(startDrawing(null), 'Enter'), held(startDrawing(null), ' ')]).toEqual([
      nothing,
      nothing,
    ]);
    expect(held(closed, 'Enter')).toEqual(nothing);
    expect(held(second, 'ArrowUp')?.type).toBe('draw');
  });

  test('Escape leaves the corners, and belongs to the page while the shape is open', () => {
    expect(press(second, 'Escape')).toEqual({ type: 'leave' });
    expect(press(startDrawing(null), 'Escape')).toBeNull();
  });

  test('Ctrl or ⌘ with Z undoes, with Shift redoes, and other combinations are the browser’s', () => {
    expect(press(closed, 'z', false, true)).toEqual({ type: 'draw', action: { type: 'undo' } });
    expect(press(closed, 'Z', true, true)).toEqual({ type: 'draw', action: { type: 'redo' } });
    expect(press(startDrawing(null), 'Enter', false, true)).toBeNull();
  });
});
