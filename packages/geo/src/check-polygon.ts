/** Checks and repairs the rings of one polygon. */
import { err, ok, type LonLat, type Result } from '@followme/model';
import { orient2d } from 'robust-predicates';
import { checkPoint } from './check-point.ts';
import type { FenceProblem } from './fence-problem.ts';
import { flattenPolygon, turnsAroundPole, type FlatRing } from './flat-ring.ts';
import { createRingTest, type RingSide } from './prepared-polygon.ts';
import { sweepRings, type EdgeTouch, type SweepFinding } from './ring-sweep.ts';
import { wrapLon } from './sphere.ts';

/** The rings of a polygon, its outside first. */
export type Rings = readonly (readonly LonLat[])[];

/** Answers the rings closed, without repeated vertices and wound as RFC 7946 asks. */
export function checkPolygon(rings: Rings, path: string): Result<Rings, FenceProblem> {
  if (rings.length === 0) return err({ code: 'EMPTY', path, message: 'The polygon has no rings' });
  const closed: (readonly LonLat[])[] = [];
  for (const [index, ring] of rings.entries()) {
    const checked = checkRing(ring, `${path}[${index}]`);
    if (!checked.ok) return checked;
    closed.push(checked.value);
  }
  const flat = flattenPolygon(closed);
  const problem = checkCrossings(flat, path);
  if (problem !== null) return err(problem);
  return ok(closed.map((ring, index) => wind(ring, flat[index], index > 0)));
}

/** One ring by itself: points on earth, closed, at least three distinct ones, not around a pole. */
function checkRing(ring: readonly LonLat[], path: string): Result<readonly LonLat[], FenceProblem> {
  for (const [index, point] of ring.entries()) {
    const problem = checkPoint(point, `${path}[${index}]`);
    if (problem !== null) return err(problem);
  }
  const open = withoutRepeats(ring);
  const [first] = open;
  if (first === undefined) return err({ code: 'EMPTY', path, message: 'The ring has no points' });
  const distinct = new Set(open.slice(0, 1_000).map(([lon, lat]) => `${meridian(lon)}/${lat}`));
  if (distinct.size < 3) {
    return err({
      code: 'TOO_FEW_POINTS',
      path,
      place: first,
      message: `The ring has ${distinct.size} distinct points, expected at least three`,
    });
  }
  const closed = [...open, first];
  if (turnsAroundPole(closed) !== 0) {
    return err({
      code: 'AROUND_POLE',
      path,
      place: first,
      message: 'The ring goes once around the earth; a fence cannot enclose a pole',
    });
  }
  return ok(closed);
}

/** 180 and −180 are one meridian. */
function meridian(lon: number): number {
  return lon === -180 ? 180 : lon;
}

function isSamePlace(a: LonLat | undefined, b: LonLat | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a[1] === b[1] && meridian(a[0]) === meridian(b[0]);
}

/** The ring open, each vertex different from the next. */
function withoutRepeats(ring: readonly LonLat[]): readonly LonLat[] {
  const kept = ring.filter((point, i) => !isSamePlace(point, ring[i - 1]));
  let end = kept.length;
  while (end > 1 && isSamePlace(kept[end - 1], kept[0])) end -= 1;
  return kept.slice(0, end);
}

function checkCrossings(flat: readonly FlatRing[], path: string): FenceProblem | null {
  const finding = sweepRings(flat);
  if (finding.kind === 'crossing') {
    const { ringA, ringB, x, y } = finding;
    const place: LonLat = [wrapLon(x), y];
    const at = `at ${place[0]}, ${place[1]}`;
    return ringA === ringB
      ? {
          code: 'SELF_INTERSECTION',
          path: `${path}[${ringA}]`,
          place,
          message: `The ring crosses or touches itself ${at}`,
        }
      : {
          code: 'RINGS_CROSS',
          path: `${path}[${Math.max(ringA, ringB)}]`,
          place,
          message: `Rings ${ringA} and ${ringB} cross ${at}`,
        };
  }
  return checkHoles(flat, finding, path);
}

/**
 * Every hole lies inside the outer ring and outside the other holes. Rings that share no point are
 * either wholly inside each other or not, so one vertex tells; of rings that touch every piece of edge
 * between two touches is asked.
 */
function checkHoles(
  flat: readonly FlatRing[],
  contacts: Contacts,
  path: string,
): FenceProblem | null {
  if (flat.length < 2) return null;
  const tests = flat.map((ring) => createRingTest([ring]));
  const hole = contacts.touching.length > 0 ? misplacedByTouch(flat, contacts, tests) : null;
  const misplaced = hole ?? misplacedByVertex(flat, tests);
  if (misplaced === null) return null;
  const { xs, ys } = flat[misplaced] ?? NO_RING;
  return {
    code: 'HOLE_MISPLACED',
    path: `${path}[${misplaced}]`,
    place: [wrapLon(xs[0] ?? 0), ys[0] ?? 0],
    message: `Hole ${misplaced} is not inside the outer ring and outside the other holes`,
  };
}

type Contacts = Extract<SweepFinding, { kind: 'clean' }>;
type RingTest = (x: number, y: number) => RingSide;
const NO_RING: FlatRing = { xs: new Float64Array(), ys: new Float64Array() };

function misplacedByVertex(flat: readonly FlatRing[], tests: readonly RingTest[]): number | null {
  for (let hole = 1; hole < flat.length; hole += 1) {
    const { xs, ys } = flat[hole] ?? NO_RING;
    for (const [other, test] of tests.entries()) {
      const wrong = other === 0 ? 'outside' : 'inside';
      if (other !== hole && test(xs[0] ?? 0, ys[0] ?? 0) === wrong) return hole;
    }
  }
  return null;
}

function misplacedByTouch(
  flat: readonly FlatRing[],
  contacts: Contacts,
  tests: readonly RingTest[],
): number | null {
  const touches = new Map<string, EdgeTouch[]>();
  for (const touch of contacts.edgeTouches) {
    const key = `${touch.ring}/${touch.edge}`;
    touches.set(key, [...(touches.get(key) ?? []), touch]);
  }
  const isOn = (expected: RingSide, ring: number, other: number): boolean => {
    const test = tests[other];
    if (test === undefined) return true;
    for (const [x, y] of middlesOf(flat[ring] ?? NO_RING, (e) => touches.get(`${ring}/${e}`))) {
      const found = test(x, y);
      if (found !== expected && found !== 'edge') return false;
    }
    return true;
  };
  for (const [a, b] of contacts.touching) {
    if (!isOn(a === 0 ? 'inside' : 'outside', b, a)) return b;
    if (!isOn('outside', a, b)) return b;
  }
  return null;
}

/** The middle of every piece of edge between two vertices or touches. */
function* middlesOf(
  { xs, ys }: FlatRing,
  touchesOf: (edge: number) => readonly EdgeTouch[] | undefined,
): Generator<readonly [number, number]> {
  for (let i = 0; i + 1 < xs.length; i += 1) {
    const [ax = 0, ay = 0, bx = 0, by = 0] = [xs[i], ys[i], xs[i + 1], ys[i + 1]];
    const stops = [{ x: ax, y: ay }, ...(touchesOf(i) ?? []), { x: bx, y: by }];
    stops.sort((a, b) => a.x - b.x || a.y - b.y);
    for (let s = 1; s < stops.length; s += 1) {
      const [from, to] = [stops[s - 1], stops[s]];
      if (from !== undefined && to !== undefined) yield [(from.x + to.x) / 2, (from.y + to.y) / 2];
    }
  }
}

/** Outer rings counter-clockwise, holes clockwise; told by the turn in the most westerly vertex. */
function wind(
  ring: readonly LonLat[],
  flat: FlatRing | undefined,
  isHole: boolean,
): readonly LonLat[] {
  const { xs, ys } = flat ?? { xs: [], ys: [] };
  const size = xs.length - 1;
  let corner = 0;
  for (let i = 1; i < size; i += 1) {
    const [x = 0, y = 0, cx = 0, cy = 0] = [xs[i], ys[i], xs[corner], ys[corner]];
    if (x < cx || (x === cx && y < cy)) corner = i;
  }
  const before = (corner + size - 1) % size;
  const turn = orient2d(
    xs[before] ?? 0,
    ys[before] ?? 0,
    xs[corner] ?? 0,
    ys[corner] ?? 0,
    xs[corner + 1] ?? 0,
    ys[corner + 1] ?? 0,
  );
  const isClockwise = turn > 0; // robust-predicates counts clockwise as positive
  return isClockwise === isHole ? ring : ring.toReversed();
}
