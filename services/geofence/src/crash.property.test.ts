import { encodeFencesChanged, type Fence } from '@followme/model';
import { systemClock } from '@followme/platform';
import {
  createMemoryGeofenceState,
  createMemoryLanes,
  type GeofenceStatePort,
} from '@followme/store';
import { waitUntil } from '@followme/testkit';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMemoryLog, type MemoryLog } from './testing/memory-log.ts';
import { createMortalPorts, type Death } from './testing/mortal.ts';
import {
  allLanes,
  appendFixes,
  createTestService,
  fencesByVersion,
  laneOfTracker,
  publishedEvents,
  shortEvent,
  squareFence,
  tenantId,
  type TestFix,
} from './testing/world.ts';

const TRACKERS = 6;
/** Fence k is the square from k to k + 1; from version to version some move, come and go. */
const versions: Record<number, readonly Fence[]> = {
  1: [squareFence(1, 0), squareFence(2, 2)],
  2: [squareFence(1, 2, 2), squareFence(2, 2), squareFence(3, 0, 2)],
  3: [squareFence(2, 4, 3), squareFence(3, 0, 2), squareFence(4, 2, 3)],
};

type Step =
  | { readonly kind: 'fixes'; readonly fixes: readonly TestFix[] }
  | { readonly kind: 'fences'; readonly version: number };

const fix: fc.Arbitrary<TestFix> = fc.record({
  tracker: fc.integer({ min: 1, max: TRACKERS }),
  timeMs: fc.integer({ min: 1, max: 60 }),
  lon: fc.integer({ min: 0, max: 11 }).map((half) => half / 2 + 0.25),
  lat: fc.constant(0.5),
  valid: fc.integer({ min: 0, max: 4 }).map((n) => n > 0),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('fixes' as const),
      fixes: fc.array(fix, { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('fences' as const),
      version: fc.integer({ min: 1, max: 3 }),
    }),
  },
);
const death: fc.Arbitrary<Death> = fc.record({
  afterCalls: fc.integer({ min: 1, max: 12 }),
  takesEffect: fc.boolean(),
});

async function write(log: MemoryLog, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if (step.kind === 'fences') {
      const change = encodeFencesChanged({ tenantId: tenantId(1), fencesVersion: step.version });
      for (const lane of allLanes) await log.append('positions', lane, change);
      continue;
    }
    for (const lane of allLanes) {
      const fixes = step.fixes.filter(({ tracker }) => laneOfTracker(tracker) === lane);
      if (fixes.length > 0) await appendFixes(log, ...fixes);
    }
  }
}

interface Last {
  readonly timeMs: number;
  readonly lon: number;
  readonly inside: number[];
}

/** The rules once more, as plainly as can be: what each tracker's events are. */
function expectedEvents(steps: readonly Step[]): readonly string[] {
  const events: string[] = [];
  for (let tracker = 1; tracker <= TRACKERS; tracker += 1) {
    let version = 0;
    let last: Last | null = null as Last | null; // else the compiler takes it for null for ever
    const holds = ({ shape }: Fence, lon: number): boolean => {
      const west = shape.kind === 'polygon' ? (shape.rings[0]?.[0]?.[0] ?? 0) : 0;
      return lon >= west && lon <= west + 1;
    };
    const insideAt = (lon: number): number[] =>
      (versions[version] ?? []).filter((f) => holds(f, lon)).map((f) => f.fenceId);
    const tell = (
      from: number[],
      to: number[],
      rest: (id: number, isEnter: boolean) => string,
    ): void => {
      for (const id of from)
        if (!to.includes(id))
          events.push(`${tracker} exit ${id}@${last?.timeMs}${rest(id, false)}`);
      for (const id of to)
        if (!from.includes(id))
          events.push(`${tracker} enter ${id}@${last?.timeMs}${rest(id, true)}`);
    };
    for (const step of steps) {
      if (step.kind === 'fences') {
        if (step.version <= version) continue;
        const old = versions[version] ?? [];
        version = step.version;
        if (last === null) continue;
        const { inside, lon } = last;
        const to = insideAt(lon);
        tell(inside, to, (id) => {
          const now = versions[version]?.some((f) => f.fenceId === id);
          return !now
            ? ' fenceDeleted'
            : old.some((f) => f.fenceId === id)
              ? ' fenceUpdated'
              : ' fenceCreated';
        });
        last = { ...last, inside: to };
        continue;
      }
      for (const { timeMs, lon } of step.fixes.filter(
        (f) => f.tracker === tracker && f.valid !== false,
      )) {
        if (last !== null && timeMs <= last.timeMs) continue;
        const from: number[] = last?.inside ?? [];
        const isFirst = last === null;
        last = { timeMs, lon, inside: insideAt(lon) };
        tell(from, last.inside, (_, isEnter) => (isFirst && isEnter ? ' initial' : ''));
      }
    }
  }
  return events.toSorted();
}

async function isAllCommitted(log: MemoryLog, state: GeofenceStatePort): Promise<boolean> {
  for (const lane of allLanes) {
    const { committedSequence } = await state.load(lane);
    if (committedSequence < log.records('positions', lane).length) return false;
  }
  return (await state.unsent(allLanes, 1)).length === 0;
}

/** Runs the operator over the log, killing it at these points, and once to the end. */
async function run(steps: readonly Step[], deaths: readonly Death[]) {
  const log = createMemoryLog(allLanes.length);
  const lanes = createMemoryLanes({ clock: systemClock, ownership: { kind: 'single' } });
  const state = createMemoryGeofenceState({ lanes });
  const leases = lanes.leases('geofence');
  await write(log, steps);
  for (const death of [...deaths, { afterCalls: Infinity, takesEffect: true }]) {
    const ports = createMortalPorts({ log, state, leases }, death);
    const service = createTestService({
      ...ports,
      fences: fencesByVersion(versions),
      settings: { commitRecords: 2, drainWithinMs: 20 },
    });
    const starting = service.start();
    await waitUntil(
      async () => ports.isDead() || (await isAllCommitted(log, state)),
      5_000,
      'the operator at the end of the log',
    );
    await service.stop();
    await starting;
  }
  return publishedEvents(log);
}

describe('killed at any moment', () => {
  test('GF20 the events are those of an undisturbed run, each once, in order, with the same ids', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 3, maxLength: 25 }),
        fc.array(death, { maxLength: 3 }),
        async (steps, deaths) => {
          const undisturbed = await run(steps, []);
          expect(undisturbed.map(shortEvent).toSorted()).toEqual(expectedEvents(steps));
          const disturbed = await run(steps, deaths);
          // lanes are read in one order only when their number is one: compare tracker by tracker
          const byTracker = (events: typeof disturbed) =>
            events.toSorted((a, b) => a.trackerId - b.trackerId);
          expect(byTracker(disturbed)).toEqual(byTracker(undisturbed));
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);
});
