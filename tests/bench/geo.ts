/** `npm run bench:geo`: how fast fences are matched and changed, beside what one would use otherwise, and what noise does at an edge. */
import { parseArgs } from 'node:util';
import { createFenceIndex, FenceMatches, type FenceIndex } from '@followme/geo';
import { trustedId, type FenceId } from '@followme/model';
import { createRandom } from '@followme/platform';
import { measureFleet, measureReplay } from './geo/fleet.ts';
import { exitDelayS, falseTransitionsADay, RULES } from './geo/jitter.ts';
import { bytesInUse, medianCpuUs } from './geo/measure.ts';
import { createFlatbushHao, createRbushTurf, type Peer } from './geo/peers.ts';
import { blob, makeWorld, ringOf, type World } from './geo/world.ts';
import { rounded, tableOf, type Measured } from './system/number.ts';
import { say } from './system/say.ts';

const HELP = `Usage: npm run bench:geo -- [options]
Matches places against fences on one core, beside rbush + turf and flatbush + point-in-polygon-hao in the same run, and
prints JSON: [{name, value, unit, bar, better}]. CPU time, medians of rounds; everything from a seed.

  --only WHAT   some of match,parked,replay,update,memory,jitter; all without it
  --table       prints a Markdown table instead of JSON
  --help        this
`;
const ROUNDS = 5;
const PLACES = 200_000;
/** Places the peers are asked for: they are slow. */
const PEER_PLACES = 5_000;
const PARTS = ['match', 'parked', 'replay', 'update', 'memory', 'jitter'] as const;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: PARTS.join(',') },
    table: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else {
  const wanted = values.only.split(',');
  const unknown = wanted.find((name) => !PARTS.some((part) => part === name));
  if (unknown !== undefined) throw new Error(`--only: got "${unknown}"\n${HELP}`);
  const measured: Measured[] = [];
  if (wanted.includes('match')) measured.push(...measureMatching(10_000, 600_000));
  if (wanted.includes('match')) measured.push(...measureMatching(100_000, 150_000));
  if (wanted.includes('parked')) measured.push(...measureParkedFleet());
  if (wanted.includes('replay')) measured.push(measureTimeMachine());
  if (wanted.includes('update')) measured.push(...measureUpdates());
  if (wanted.includes('memory')) measured.push(await measureMemory());
  if (wanted.includes('jitter')) measured.push(...measureJitter());
  process.stdout.write(`${values.table ? tableOf(measured) : JSON.stringify(measured, null, 2)}\n`);
}

function perSecond(count: number, us: number): number {
  return Math.round((count / us) * 1e6);
}

function askAll(index: FenceIndex, { lons, lats }: World, places: number): number {
  const found = new FenceMatches();
  let matches = 0;
  for (let i = 0; i < places; i += 1) matches += index.query(lons[i] ?? 0, lats[i] ?? 0, found);
  return matches;
}

function askPeer(peer: Peer, { lons, lats }: World): number {
  let matches = 0;
  for (let i = 0; i < PEER_PLACES; i += 1) matches += peer.matches(lons[i] ?? 0, lats[i] ?? 0);
  return matches;
}

function measureMatching(fences: number, bar: number): Measured[] {
  say(`${fences} fences of 50 vertices and eight of 6,000 …`);
  const world = makeWorld({ fences, places: PLACES });
  const index = createFenceIndex(world.fences);
  const rate = perSecond(
    PLACES,
    medianCpuUs(ROUNDS, () => void askAll(index, world, PLACES)),
  );
  const expected = askAll(index, world, PEER_PLACES);
  const peers = [createRbushTurf, createFlatbushHao].map((create) => {
    const peer = create(world.fences);
    // whoever answers something else has not done the same work
    const matches = askPeer(peer, world);
    if (matches !== expected) throw new Error(`${peer.name}: ${matches} matches, not ${expected}`);
    return {
      peer,
      rate: perSecond(
        PEER_PLACES,
        medianCpuUs(3, () => void askPeer(peer, world)),
      ),
    };
  });
  const best = Math.max(...peers.map((peer) => peer.rate));
  say(`  ${rate}/s; ${peers.map((p) => `${p.peer.name} ${p.rate}/s`).join(', ')}`);
  const unit = 'evaluations/s of CPU';
  const at = `${fences} fences + 8 of 6,000 vertices`;
  return [
    { name: `${at}: index`, value: rate, unit, bar, better: 'higher' },
    ...peers.map(({ peer, rate: value }) => ({
      name: `${at}: ${peer.name}`,
      value,
      unit,
      bar: null,
      better: 'higher' as const,
    })),
    {
      name: `${at}: index against the better of the two`,
      value: rounded(rate / best),
      unit: 'times',
      bar: fences === 10_000 ? 15 : null,
      better: 'higher',
    },
  ];
}

function measureParkedFleet(): Measured[] {
  say('a fleet that is mostly parked …');
  const world = makeWorld({ fences: 10_000, places: 1 });
  const { plain, withCircles } = measureFleet(world, createFenceIndex(world.fences));
  const name = (what: string): string => `fleet, 70 % parked, others 140 m between fixes: ${what}`;
  return [
    {
      name: name('each asked for'),
      value: plain,
      unit: 'fixes/s of CPU',
      bar: null,
      better: 'higher',
    },
    {
      name: name('with circles'),
      value: withCircles,
      unit: 'fixes/s of CPU',
      bar: null,
      better: 'higher',
    },
    {
      name: name('gain'),
      value: rounded(withCircles / plain),
      unit: 'times',
      bar: 2,
      better: 'higher',
    },
  ];
}

function measureTimeMachine(): Measured {
  say('the time machine over a history in memory …');
  const { perSecond: value, events } = measureReplay(makeWorld({ fences: 10_000, places: 1 }));
  if (events === 0) throw new Error('The history has no crossing');
  return {
    name: 'time machine from memory, 10,000 fences + 8 of 6,000 vertices',
    value,
    unit: 'positions/s of CPU',
    bar: 500_000,
    better: 'higher',
  };
}

function measureUpdates(): Measured[] {
  say('changing fences …');
  const world = makeWorld({ fences: 10_000, places: 1 });
  const index = createFenceIndex(world.fences);
  const random = createRandom('edits');
  const found = new FenceMatches();
  let version = 1;
  const change = (edits: number, vertices: number, radiusM: number, ids: number): number => {
    const rounds = Array.from({ length: ROUNDS }, () =>
      Array.from({ length: edits }, (_, i) => {
        version += 1;
        const id = trustedId<FenceId>((i % ids) + (vertices === 50 ? 1 : 10_001));
        const fence = world.fences[id - 1];
        const [centre = [6, 50]] = fence === undefined ? [] : ringOf(fence);
        return { ...blob(random, id, { centre, vertices, radiusM }), version };
      }),
    );
    let round = 0;
    const us = medianCpuUs(ROUNDS, () => {
      for (const fence of rounds[round] ?? []) {
        index.replace(fence);
        index.query(6, 50, found);
      }
      round += 1;
    });
    return us / edits;
  };
  const name = (what: string): string => `10,000 fences: replace one of ${what} and ask`;
  return [
    {
      name: name('50 vertices'),
      value: rounded(change(1_000, 50, 700, 10_000)),
      unit: 'µs CPU',
      bar: 50,
      better: 'lower',
    },
    {
      name: name('6,000 vertices'),
      value: rounded(change(16, 6_000, 100_000, 8) / 1_000),
      unit: 'ms CPU',
      bar: 2,
      better: 'lower',
    },
  ];
}

async function measureMemory(): Promise<Measured> {
  say('100,000 fences in memory …');
  const before = await bytesInUse();
  // the fences themselves are not kept: what is in use afterwards is the index with all it needs
  const index = createFenceIndex(makeWorld({ fences: 100_000, places: 1 }).fences);
  const bytes = (await bytesInUse()) - before;
  if (index.size < 100_000) throw new Error('The index is not whole');
  return {
    name: '100,000 fences of 50 vertices in memory',
    value: Math.round(bytes / 1e6),
    unit: 'MB',
    bar: 250,
    better: 'lower',
  };
}

function measureJitter(): Measured[] {
  say('a day at the edge …');
  const parked = [
    [0, 5],
    [5, 5],
    [10, 5],
    [0, 15],
  ] as const;
  return RULES.flatMap(([name, rule]) => [
    ...parked.map(([outsideM, sigmaM]): Measured => ({
      name: `${name}: parked ${outsideM} m outside the edge, noise of ${sigmaM} m`,
      value: falseTransitionsADay(rule, outsideM, sigmaM),
      unit: 'false transitions/day',
      bar: null,
      better: 'lower',
    })),
    ...[1.4, 14].map((speedMps): Measured => ({
      name: `${name}: delay of a true exit at ${speedMps} m/s`,
      value: rounded(exitDelayS(rule, speedMps, 5)),
      unit: 's',
      bar: null,
      better: 'lower',
    })),
  ]);
}
