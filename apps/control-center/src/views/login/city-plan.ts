/**
 * The plan of a town that is nowhere: rings of streets around an old centre, a moat, a river, roads that lead out.
 * Drawn the same every time. Decoration: nothing of a map is fetched before somebody has logged in.
 */

/** SVG paths of the plan, in a box of 1440 by 900. */
export interface CityPlan {
  readonly urban: string;
  readonly water: string;
  readonly moat: string;
  readonly parks: string;
  readonly minor: string;
  readonly main: string;
  readonly rail: string;
}

const CENTRE = { x: 560, y: 400 };
const FIRST_RING = 34;
const LAST_RING = 640;
/** Streets lie closer in the old centre than at its edge. */
const BLOCK_FROM = 17;
const BLOCK_TO = 30;
const MOAT = 118;
const RING_ROADS = [262, 470];
const WAYS_OUT = [0.35, 1.25, 2.3, 3.35, 4.2, 5.4];

type Random = () => number;

/** Numbers from 0 to 1 that are the same in every run (Park and Miller's generator). */
function createRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** How far the town reaches in a direction: no town is a circle. */
function reach(angle: number): number {
  return 1 + 0.09 * Math.sin(angle * 2 + 0.6) + 0.05 * Math.sin(angle * 5 + 2);
}

function at(angle: number, radius: number): string {
  const r = radius * reach(angle);
  const x = CENTRE.x + Math.cos(angle) * r;
  const y = CENTRE.y + Math.sin(angle) * r * 0.92;
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

/** A street along a ring from one angle to another. */
function arc(radius: number, from: number, to: number): string {
  const steps = Math.max(1, Math.ceil(((to - from) * radius) / 24));
  const points = Array.from({ length: steps + 1 }, (_, step) =>
    at(from + ((to - from) * step) / steps, radius),
  );
  return `M${points.join('L')}`;
}

const blockAt = (radius: number): number =>
  BLOCK_FROM + ((BLOCK_TO - BLOCK_FROM) * radius) / LAST_RING;

/** Streets between two rings, and the inner ring itself with some of it built over. */
function ringOfBlocks(radius: number, next: number, random: Random): string {
  const blocks = Math.max(6, Math.round((2 * Math.PI * radius) / (blockAt(radius) * 1.7)));
  const turn = (2 * Math.PI) / blocks;
  const paths: string[] = [];
  let angle = random() * turn;
  for (let block = 0; block < blocks; block += 1) {
    const width = turn * (0.75 + random() * 0.5);
    if (random() > 0.12) paths.push(arc(radius, angle, angle + width));
    if (random() > 0.1) paths.push(`M${at(angle, radius)}L${at(angle + turn * 0.12, next)}`);
    angle += turn;
  }
  return paths.join('');
}

function minorStreets(random: Random): string {
  const paths: string[] = [];
  for (let radius = FIRST_RING; radius < LAST_RING;) {
    const next = radius + blockAt(radius) * (0.85 + random() * 0.4);
    paths.push(ringOfBlocks(radius, next, random));
    radius = next;
  }
  return paths.join('');
}

function wayOut(angle: number, random: Random): string {
  let path = `M${at(angle, MOAT)}`;
  let bend = angle;
  for (let radius = MOAT + 60; radius < 1_300; radius += 60) {
    bend += (random() - 0.5) * 0.09;
    path += `L${at(bend, radius)}`;
  }
  return path;
}

/** The plan; the same one every time. */
export function cityPlan(): CityPlan {
  const random = createRandom(20_261_122);
  const full = 2 * Math.PI;
  return {
    urban: `${arc(LAST_RING + 20, 0, full)}Z`,
    minor: minorStreets(random),
    main: [
      ...RING_ROADS.map((radius) => arc(radius, 0, full)),
      ...WAYS_OUT.map((angle) => wayOut(angle, random)),
    ].join(''),
    moat: arc(MOAT, 0.4, full + 0.1),
    water:
      'M-20 150C70 250 120 330 128 450 136 560 90 640 120 740 136 800 170 860 180 920L-20 920ZM1180 -20C1200 60 1290 110 1460 120L1460 -20Z',
    parks:
      'M300 160c40-30 90-20 100 20s-40 80-80 66-50-66-20-86ZM770 640c60-20 130 0 140 46s-60 70-120 60-80-86-20-106ZM880 150c30-16 70-4 74 24s-34 46-64 40-44-46-10-64ZM330 620c26-12 60 0 64 26s-30 44-58 38-40-50-6-64Z',
    rail: 'M-20 620C220 560 380 600 520 560 700 510 820 300 1010 220 1180 150 1320 170 1460 100',
  };
}
