/**
 * What happens in a run, drawn from its seed before it begins: how large the world is, what devices report,
 * when fences change, and which faults come when. A plan says itself in words.
 */
import { createRandom, type Random } from '@followme/platform';

/** Which services the processes of a world run. */
export type Service = 'operator' | 'recorder' | 'raiser' | 'live';

/** Something that goes wrong from `atMs` on, for `forMs`. `process` is the place of a process, from 0. */
export type Fault = { readonly atMs: number; readonly forMs: number } & (
  | {
      readonly kind: 'kill' | 'freeze' | 'replace' | 'cutLog' | 'cutStore';
      readonly process: number;
    }
  | { readonly kind: 'logDown' | 'logHung' | 'storeDown' | 'storeHung' | 'badWeather' }
);

/** One report of a device. */
export interface PlannedFix {
  readonly atMs: number;
  readonly tracker: number;
  /** The device's clock, ms before (+) or after (−) the moment it reports. */
  readonly ageMs: number;
  /** Column of the grid on which fences lie, in half degrees. */
  readonly column: number;
  readonly valid: boolean;
  readonly sos: boolean;
  /** The device sends it again later, though it was acknowledged. */
  readonly repeated: boolean;
}

/** Everything that a run does to its world. */
export interface Plan {
  readonly seed: number;
  readonly services: ReadonlySet<Service>;
  readonly lanes: number;
  readonly processes: number;
  readonly trackers: number;
  readonly fixes: readonly PlannedFix[];
  /** When fences get their next version, ms. */
  readonly fenceChangesMs: readonly number[];
  /** When somebody moves a tracker into a group, ms. */
  readonly registryChangesMs: readonly number[];
  /** When the log is trimmed of all that was written down, ms. */
  readonly trimsMs: readonly number[];
  /** When somebody closes a card, ms. */
  readonly closingsMs: readonly number[];
  readonly faults: readonly Fault[];
  /** Until here faults happen; then all is mended and the world has to come to rest. */
  readonly troubledMs: number;
}

/** Which services may be drawn together. */
export type Cast = 'operator' | 'recorder' | 'notification' | 'live' | 'all';

/** All casts, the small ones first. */
export const CAST_NAMES: readonly Cast[] = ['operator', 'recorder', 'notification', 'live', 'all'];

const CASTS: Readonly<Record<Cast, readonly Service[]>> = {
  operator: ['operator'],
  recorder: ['recorder'],
  notification: ['operator', 'raiser'],
  live: ['recorder', 'live'],
  all: ['operator', 'recorder', 'raiser', 'live'],
};

/** Whether a word names a cast. */
export const isCast = (name: string): name is Cast => CAST_NAMES.some((cast) => cast === name);

const PROCESS_FAULTS = [
  'kill',
  'kill',
  'freeze',
  'freeze',
  'replace',
  'cutLog',
  'cutStore',
] as const;
const WORLD_FAULTS = [
  'logDown',
  'logHung',
  'storeDown',
  'storeHung',
  'badWeather',
  'badWeather',
] as const;

function pick<T>(random: Random, from: readonly T[]): T {
  const found = from[random.integer(0, from.length - 1)];
  if (found === undefined) throw new Error('There is nothing to pick from');
  return found;
}

function drawFault(random: Random, troubledMs: number, processes: number): Fault {
  const atMs = random.integer(200, troubledMs - 500);
  // mostly short, at times longer than a lease
  const lengthMs = random.next() < 0.5 ? random.integer(20, 900) : random.integer(900, 6_000);
  const when = { atMs, forMs: Math.min(lengthMs, troubledMs - atMs) };
  if (random.next() < 0.65) {
    return {
      ...when,
      kind: pick(random, PROCESS_FAULTS),
      process: random.integer(0, processes - 1),
    };
  }
  return { ...when, kind: pick(random, WORLD_FAULTS) };
}

function drawFix(random: Random, trackers: number, untilMs: number): PlannedFix {
  const isLate = random.next() < 0.12;
  return {
    atMs: random.integer(50, untilMs),
    tracker: random.integer(1, trackers),
    ageMs: isLate ? random.integer(500, 5_000) : random.integer(0, 40),
    column: random.integer(0, 11),
    valid: random.next() < 0.92,
    sos: random.next() < 0.1,
    repeated: random.next() < 0.1,
  };
}

/** The plan of a seed; the same seed and cast always give the same. */
export function planOf(seed: number, cast: Cast): Plan {
  const random = createRandom(`${seed}/${cast}/plan`);
  const processes = random.integer(2, 4);
  const trackers = random.integer(3, 8);
  const troubledMs = random.integer(5_000, 11_000);
  const fixCount = random.integer(20, 70);
  const fixes = Array.from({ length: fixCount }, () => drawFix(random, trackers, troubledMs));
  // now and then several close to each other, so that one overtakes another on the way to the lanes
  const changes = Array.from({ length: random.integer(0, 3) }, () =>
    random.integer(100, troubledMs),
  ).flatMap((atMs) =>
    Array.from({ length: random.integer(1, 3) }, () => atMs + random.integer(0, 1_500)),
  );
  const moves = Array.from({ length: random.integer(0, 4) }, () => random.integer(100, troubledMs));
  const faults = Array.from({ length: random.integer(1, 7) }, () =>
    drawFault(random, troubledMs, processes),
  );
  const byTime = (a: { readonly atMs: number }, b: { readonly atMs: number }): number =>
    a.atMs - b.atMs;
  return {
    seed,
    services: new Set(CASTS[cast]),
    lanes: random.integer(1, 5),
    processes,
    trackers,
    fixes: fixes.sort(byTime),
    fenceChangesMs: [0, ...changes.sort((a, b) => a - b)],
    closingsMs: Array.from({ length: random.integer(0, 4) }, () => random.integer(500, troubledMs)),
    trimsMs: Array.from({ length: random.integer(0, 4) }, () => random.integer(500, troubledMs)),
    registryChangesMs: moves.sort((a, b) => a - b),
    faults: faults.sort(byTime),
    troubledMs,
  };
}

const WORDS: Readonly<Record<Fault['kind'], string>> = {
  kill: 'is killed and started again',
  freeze: 'is frozen',
  replace: 'is stopped in order and replaced',
  cutLog: 'is cut off from the log',
  cutStore: 'is cut off from the store',
  logDown: 'the log is down',
  logHung: 'the log hangs',
  storeDown: 'the store is down',
  storeHung: 'the store hangs',
  badWeather: 'calls are lost and slow, readers stall, end and fail',
};

/** The plan in words, a line each. */
export function describePlan(plan: Plan): readonly string[] {
  const { services, processes, lanes, trackers, fixes, fenceChangesMs, troubledMs } = plan;
  return [
    `${processes} processes with ${[...services].join(', ')}; ${lanes} lanes, ${trackers} trackers, ` +
      `${fixes.length} fixes, fences change at ${fenceChangesMs.join(', ')} ms; trouble until ${troubledMs} ms`,
    ...plan.faults.map((fault) => {
      const who = 'process' in fault ? `process ${fault.process + 1} ` : '';
      return `${fault.atMs} ms: ${who}${WORDS[fault.kind]}, for ${fault.forMs} ms`;
    }),
  ];
}
