/** What every adapter of the geofence state port must keep to. Run by each adapter's test file. */
import {
  trustedId,
  type FenceEvent,
  type FenceId,
  type Lane,
  type LogSequence,
  type TenantId,
  type TrackerId,
} from '@followme/model';
import { beforeEach, describe, expect, test } from 'vitest';
import type { LaneLeases, OwnedLane } from '../lanes/port.ts';
import type { GeofenceStatePort, LaneCommit, LoadedLane, TrackerFenceState } from './port.ts';

const lane = (n: number): Lane => trustedId<Lane>(n);
const seq = (n: number): LogSequence => trustedId<LogSequence>(n);
const tenant = trustedId<TenantId>(1);
const tracker = (n: number): TrackerId => trustedId<TrackerId>(n);
const fence = (n: number): FenceId => trustedId<FenceId>(n);

const A = lane(3);
const B = lane(5);
const NOON = 1_767_268_800_123;

function state(trackerId: number, change: Partial<TrackerFenceState> = {}): TrackerFenceState {
  return {
    tenantId: tenant,
    trackerId: tracker(trackerId),
    eventSeq: 0,
    lastFixTimeMs: NOON,
    lonE7: -47_504_641,
    latE7: 523_033_451,
    inside: [],
    ...change,
  };
}

function event(trackerId: number, eventSeq: number, change: Partial<FenceEvent> = {}): FenceEvent {
  const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0');
  return {
    eventId: `${hex(trackerId, 8)}-0000-5000-8000-${hex(eventSeq, 12)}`,
    tenantId: tenant,
    trackerId: tracker(trackerId),
    fenceId: fence(7),
    fenceName: 'Harbour "north"',
    fencesVersion: 4,
    kind: 'enter',
    reason: 'fix',
    eventSeq,
    initial: true,
    fixTimeMs: NOON,
    receivedTimeMs: NOON + 1_001,
    lon: 4.7504641,
    lat: -52.3033451,
    ...change,
  };
}

/** A commit of lane A, epoch 1, from 0 to 10, with nothing in it. */
function commitOf(change: Partial<LaneCommit> = {}): LaneCommit {
  return {
    lane: A,
    epoch: 1,
    fromSequence: seq(0),
    toSequence: seq(10),
    states: [],
    changed: new Set(),
    fencesVersions: [],
    events: [],
    ...change,
  };
}

function sorted(loaded: LoadedLane): readonly TrackerFenceState[] {
  return loaded.states.toSorted((a, b) => a.trackerId - b.trackerId);
}

type Take = (...lanes: readonly Lane[]) => Promise<readonly OwnedLane[]>;

/** An adapter under test: empty, and who owns its lanes. */
export interface GeofenceStateSubject {
  readonly port: GeofenceStatePort;
  /** Of an only process: each taking gives the next epoch. */
  readonly leases: LaneLeases;
}

/** Declares the suite; `open` gives an empty adapter for each test. */
export function describeGeofenceState(
  name: string,
  open: () => Promise<GeofenceStateSubject>,
): void {
  describe(`${name}: geofence state`, () => {
    let subject: GeofenceStateSubject;
    beforeEach(async () => {
      subject = await open();
    });

    test('a lane nobody ever owned cannot be loaded', async () => {
      await expect(subject.port.load(A)).rejects.toThrow('never owned');
    });
    const port = (): GeofenceStatePort => subject.port;
    /** The lanes are another's from here on: their epoch grows. */
    const take: Take = (...lanes) => subject.leases.acquire('one', lanes, lanes.length);
    commitRules(port, take);
    stateRules(port, take);
    eventRules(port, take);
  });
}

function commitRules(port: () => GeofenceStatePort, take: Take): void {
  const full = (change: Partial<LaneCommit> = {}): LaneCommit =>
    commitOf({
      states: [state(1, { eventSeq: 1, inside: [fence(7)] }), state(2)],
      changed: new Set([tracker(1)]),
      fencesVersions: [{ tenantId: tenant, version: 4 }],
      events: [event(1, 1)],
      ...change,
    });

  test('a commit of an older epoch is fenced and writes nothing', async () => {
    await take(A);
    await take(A);
    expect(await port().commit([full()])).toEqual(['fenced']);
    const loaded = await port().load(A);
    expect(loaded).toMatchObject({ epoch: 2, committedSequence: 0, states: [] });
    expect(loaded.fencesVersions.size).toBe(0);
    expect(await port().unsent([A], 10)).toEqual([]);
  });

  test('a commit that builds on another sequence is fenced and writes nothing', async () => {
    await take(A);
    expect(await port().commit([full({ fromSequence: seq(1) })])).toEqual(['fenced']);
    expect(await port().load(A)).toMatchObject({ committedSequence: 0, states: [] });
    expect(await port().unsent([A], 10)).toEqual([]);
  });

  test('a commit that comes a second time is fenced', async () => {
    await take(A);
    expect(await port().commit([full()])).toEqual(['committed']);
    expect(await port().commit([full()])).toEqual(['fenced']);
    expect(await port().unsent([A], 10)).toHaveLength(1);
  });

  test('of several lanes the fenced ones are left out and the others go on', async () => {
    await take(A, B);
    await take(A);
    const other = full({ lane: B, states: [state(9)], changed: new Set(), events: [event(9, 1)] });
    expect(await port().commit([full(), other])).toEqual(['fenced', 'committed']);
    expect(await port().load(A)).toMatchObject({ committedSequence: 0, states: [] });
    expect(await port().load(B)).toMatchObject({ committedSequence: 10, states: [state(9)] });
    expect(await port().unsent([A, B], 10)).toEqual([event(9, 1)]);
  });

  test('a second commit of a lane in one call builds on the first', async () => {
    await take(A);
    const next = commitOf({ fromSequence: seq(10), toSequence: seq(25), states: [state(2)] });
    expect(await port().commit([full(), next, full()])).toEqual([
      'committed',
      'committed',
      'fenced',
    ]);
    expect((await port().load(A)).committedSequence).toBe(25);
  });

  test('an event that is there already fails the whole call, and nothing of it is written', async () => {
    await take(A, B);
    await port().commit([full()]);
    const good = commitOf({ lane: B, states: [state(9)] });
    const repeats = full({ fromSequence: seq(10), toSequence: seq(20) });
    await expect(port().commit([good, repeats])).rejects.toThrow();
    expect((await port().load(A)).committedSequence).toBe(10);
    expect(await port().load(B)).toMatchObject({ committedSequence: 0, states: [] });
  });

  test('a commit may stay where it is', async () => {
    await take(A);
    const stays = commitOf({ toSequence: seq(0), states: [state(1)] });
    expect(await port().commit([stays, stays])).toEqual(['committed', 'committed']);
    expect((await port().load(A)).states).toEqual([state(1)]);
  });
}

function stateRules(port: () => GeofenceStatePort, take: Take): void {
  test('time and place of a tracker that only moved are exact after loading', async () => {
    await take(A);
    const moved = state(1, {
      lastFixTimeMs: NOON + 0.25,
      lonE7: 1_800_000_000,
      latE7: -900_000_000,
    });
    await port().commit([commitOf({ states: [moved] })]);
    expect((await port().load(A)).states).toEqual([moved]);
  });

  test('a tracker that moved after its membership changed keeps membership and event count', async () => {
    await take(A);
    const entered = state(1, { eventSeq: 2, inside: [fence(3), fence(7)] });
    const moved = { ...entered, lastFixTimeMs: NOON + 5_000, lonE7: 5 };
    await port().commit([commitOf({ states: [entered], changed: new Set([tracker(1)]) })]);
    await port().commit([
      commitOf({ fromSequence: seq(10), toSequence: seq(11), states: [moved] }),
    ]);
    expect((await port().load(A)).states).toEqual([moved]);
  });

  test('an older move never overrides a newer change', async () => {
    await take(A);
    const moved = state(1, { lonE7: 1 });
    const entered = state(1, { lonE7: 2, eventSeq: 1, inside: [fence(7)] });
    await port().commit([commitOf({ toSequence: seq(0), states: [moved] })]);
    await port().commit([
      commitOf({ toSequence: seq(0), states: [entered], changed: new Set([tracker(1)]) }),
    ]);
    expect((await port().load(A)).states).toEqual([entered]);
  });

  test('after any number of commits every tracker is loaded as it was committed last', async () => {
    await take(A);
    const expected = new Map<number, TrackerFenceState>();
    for (let step = 0; step < 150; step += 1) {
      const one = state(1 + (step % 4), { lastFixTimeMs: NOON + step, lonE7: step });
      const before = expected.get(one.trackerId);
      const changes = step % 7 === 0;
      const next = {
        ...one,
        eventSeq: (before?.eventSeq ?? 0) + (changes ? 1 : 0),
        inside: changes ? [fence(step + 1)] : (before?.inside ?? []),
      };
      expected.set(one.trackerId, next);
      const [outcome] = await port().commit([
        commitOf({
          fromSequence: seq(step),
          toSequence: seq(step + 1),
          states: [next],
          changed: new Set(changes ? [next.trackerId] : []),
        }),
      ]);
      expect(outcome).toBe('committed');
      if (step % 40 === 39) {
        const loaded = sorted(await port().load(A));
        expect(loaded).toEqual([...expected.values()].sort((a, b) => a.trackerId - b.trackerId));
      }
    }
  });

  test('the next owner loads what the former one committed, and nothing of other lanes', async () => {
    await take(A, B);
    const states = [state(1), state(2, { eventSeq: 1, inside: [fence(7)] })];
    await port().commit([
      commitOf({ states, changed: new Set([tracker(2)]) }),
      commitOf({ lane: B, states: [state(9)] }),
    ]);
    await take(A);
    const loaded = await port().load(A);
    expect(loaded).toMatchObject({ lane: A, epoch: 2, committedSequence: 10 });
    expect(sorted(loaded)).toEqual(states);
  });

  test('the fences version of each tenant is kept per lane; the last one of a commit holds', async () => {
    await take(A, B);
    const other = trustedId<TenantId>(2);
    await port().commit([
      commitOf({
        fencesVersions: [
          { tenantId: tenant, version: 1 },
          { tenantId: other, version: 9 },
          { tenantId: tenant, version: 2 },
        ],
      }),
      commitOf({ lane: B, fencesVersions: [{ tenantId: tenant, version: 1 }] }),
    ]);
    const versions = async (of: Lane) => new Map((await port().load(of)).fencesVersions);
    expect(await versions(A)).toEqual(
      new Map([
        [tenant, 2],
        [other, 9],
      ]),
    );
    expect(await versions(B)).toEqual(new Map([[tenant, 1]]));
  });
}

function eventRules(port: () => GeofenceStatePort, take: Take): void {
  async function commitEvents(): Promise<void> {
    await take(A, B);
    await port().commit([
      commitOf({ events: [event(2, 1), event(1, 1, { kind: 'exit', reason: 'fenceDeleted' })] }),
      commitOf({ lane: B, events: [event(9, 1, { initial: false })] }),
    ]);
    await port().commit([
      commitOf({
        fromSequence: seq(10),
        toSequence: seq(20),
        events: [event(1, 2), event(2, 2)],
      }),
    ]);
  }

  test('committed events are unsent, by tracker and number, exactly as committed', async () => {
    await commitEvents();
    expect(await port().unsent([A], 10)).toEqual([
      event(1, 1, { kind: 'exit', reason: 'fenceDeleted' }),
      event(1, 2),
      event(2, 1),
      event(2, 2),
    ]);
    expect(await port().unsent([B], 10)).toEqual([event(9, 1, { initial: false })]);
    expect(await port().unsent([A, B], 3)).toHaveLength(3);
  });

  test('sent events are not told again; telling twice that they are sent is harmless', async () => {
    await commitEvents();
    const ids = [event(1, 1).eventId, event(2, 1).eventId];
    await port().markSent(ids);
    await port().markSent(ids);
    expect(await port().unsent([A], 10)).toEqual([event(1, 2), event(2, 2)]);
  });

  test('marking nothing is fine', async () => {
    await port().markSent([]);
    expect(await port().unsent([A], 10)).toEqual([]);
  });
}
