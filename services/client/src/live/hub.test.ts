import { Compile } from 'typebox/compile';
import {
  ServerMessageSchema,
  type AlertReply,
  type ErrorCode,
  type LocationData,
  type ServerMessage,
} from '@followme/contracts';
import {
  BATCH_HEADER_BYTES,
  FLAG,
  RowCursor,
  RowDraft,
  ROW,
  trustedId,
  writeBatchHeader,
  type FenceEvent,
  type GroupId,
  type TenantId,
  type TrackerId,
} from '@followme/model';
import { createMetrics } from '@followme/platform';
import { describe, expect, test } from 'vitest';
import { LiveHub } from './hub.ts';
import {
  MAX_HELD_ALERTS,
  MAX_HELD_EVENTS,
  MAX_STALL_MS,
  MAX_UNSENT_BYTES,
  type Audience,
  type SessionSocket,
} from './session.ts';

const OURS = trustedId<TenantId>(1);
const THEIRS = trustedId<TenantId>(2);
const group = (id: number): GroupId => trustedId<GroupId>(id);
const tracker = (id: number): TrackerId => trustedId<TrackerId>(id);
const START_MS = 1_767_225_600_000;

/** Puts frames back together as a browser does; asserts that pieces are never interleaved. */
function readMessages(bytes: Buffer): ServerMessage[] {
  const messages: ServerMessage[] = [];
  let text: string | null = null;
  for (let at = 0; at < bytes.length;) {
    const opcode = bytes.readUInt8(at) & 0x0f;
    const isLast = (bytes.readUInt8(at) & 0x80) !== 0;
    const short = bytes.readUInt8(at + 1);
    const header = short === 126 ? 4 : short === 127 ? 10 : 2;
    const length =
      short === 126
        ? bytes.readUInt16BE(at + 2)
        : short === 127
          ? Number(bytes.readBigUInt64BE(at + 2))
          : short;
    expect(opcode).toBe(text === null ? 1 : 0);
    text = (text ?? '') + bytes.toString('utf8', at + header, at + header + length);
    at += header + length;
    if (!isLast) continue;
    messages.push(JSON.parse(text));
    text = null;
  }
  return messages;
}

/** A viewer's socket: what it does not read stays unsent. */
class FakeSocket implements SessionSocket {
  unsentBytes = 0;
  writes = 0;
  most = 0;
  closedWith: ErrorCode | null = null;
  isReading = true;
  #received: Buffer[] = [];
  write(frames: Uint8Array): void {
    this.writes += 1;
    this.#received.push(Buffer.from(frames));
    if (!this.isReading) this.unsentBytes += frames.length;
    this.most = Math.max(this.most, this.unsentBytes);
  }
  close(code: ErrorCode): void {
    this.closedWith = code;
  }
  drain(): void {
    this.unsentBytes = 0;
  }
  /** Everything written so far, once. */
  take(): ServerMessage[] {
    return readMessages(Buffer.concat(this.#received.splice(0)));
  }
}

function createWorld() {
  const metrics = createMetrics();
  const hub = new LiveHub({ metrics });
  const draft = new RowDraft();
  const cursor = new RowCursor();
  let nowMs = 0;
  return {
    hub,
    metrics,
    register(id: number, groups: number[], tenantId = OURS, name = `T${id}`) {
      hub.changeRegistry({
        trackers: [{ trackerId: tracker(id), tenantId, name, groupIds: groups.map(group) }],
        retired: [],
      });
    },
    report(id: number, seconds: number, tenantId = OURS): boolean {
      draft.reset();
      draft.bytes.writeUInt32LE(tenantId, ROW.tenantId);
      draft.bytes.writeUInt32LE(id, ROW.trackerId);
      draft.setFixTimeMs(START_MS + seconds * 1_000);
      draft.setLonLatE7(47_504_640, 523_033_450 + seconds);
      draft.setSpeedMps(10);
      draft.setAccuracyM(12.34);
      draft.setFlag(FLAG.valid);
      const batch = Buffer.alloc(BATCH_HEADER_BYTES + draft.length);
      writeBatchHeader(batch, 1);
      draft.bytes.copy(batch, BATCH_HEADER_BYTES, 0, draft.length);
      cursor.open(batch);
      cursor.next();
      return hub.apply(cursor);
    },
    open(audience: Audience, tenantId = OURS) {
      const socket = new FakeSocket();
      return { socket, session: hub.open(tenantId, audience, socket) };
    },
    /** Ticks every 50 ms for `ms`. */
    run(ms: number) {
      for (const end = nowMs + ms; nowMs < end;) {
        nowMs += 50;
        hub.tick(nowMs);
      }
    },
  };
}

const headers = (messages: readonly ServerMessage[]): string[] => messages.map((m) => m.header);
const updates = (messages: readonly ServerMessage[]): LocationData[] =>
  messages.flatMap((m) => (m.header === 'locationUpdate' ? [m.data] : []));
const removed = (messages: readonly ServerMessage[]): number[] =>
  messages.flatMap((m) => (m.header === 'trackerRemoved' ? [m.data.tracker] : []));
const cached = (messages: readonly ServerMessage[]): LocationData[] =>
  messages.flatMap((m) => (m.header === 'cache' ? m.data : []));

const event = (trackerId: number, eventSeq: number): FenceEvent => ({
  eventId: `e${eventSeq}`,
  tenantId: OURS,
  trackerId: tracker(trackerId),
  fenceId: trustedId(1),
  fenceName: 'Yard',
  fencesVersion: 1,
  kind: 'enter',
  reason: 'fix',
  eventSeq,
  initial: false,
  fixTimeMs: START_MS,
  receivedTimeMs: START_MS,
  lon: 4,
  lat: 52,
});

const alert = (id: number, trackerId: number, revision = id): AlertReply => ({
  id,
  revision,
  state: 'open',
  severity: 'critical',
  kind: 'alarm',
  trackerId,
  trackerName: `T${trackerId}`,
  fenceId: null,
  fenceName: null,
  transition: null,
  alarm: 'sos',
  ruleId: null,
  ruleName: null,
  occurrences: 1,
  firstTime: new Date(START_MS).toISOString(),
  lastTime: new Date(START_MS).toISOString(),
  raisedTime: new Date(START_MS).toISOString(),
  lastRaisedTime: new Date(START_MS).toISOString(),
  lon: 4,
  lat: 52,
  acknowledged: null,
  assigned: null,
  closed: null,
  escalates: null,
});
/** Alert and revision of each alert among the messages. */
const alerts = (messages: readonly ServerMessage[]): [id: number, revision: number][] =>
  messages.flatMap((m) => (m.header === 'alert' ? [[m.data.id, m.data.revision]] : []));

describe('what a viewer is sent', () => {
  test('first the cache with every tracker it sees that was ever heard of, then updates', () => {
    const world = createWorld();
    world.register(1, [10]);
    world.register(2, [10]);
    world.register(3, [20]);
    world.report(1, 0);
    world.report(3, 0);
    const { socket } = world.open(new Set([group(10)]));
    world.run(50);
    const first = socket.take();
    expect(headers(first)).toEqual(['cache']);
    expect(cached(first).map((d) => d.tracker)).toEqual([1]);
    world.report(2, 1);
    world.run(50);
    const [update] = updates(socket.take());
    expect(update).toMatchObject({ tracker: 2, name: 'T2', groups: [10], speed: 36 });
    expect(update).toMatchObject({ valid: true, accuracy: 12.3 });
  });

  test('every message fits the schema of the protocol', () => {
    const world = createWorld();
    world.register(1, [10]);
    world.report(1, 0);
    const { socket } = world.open('all');
    world.run(50);
    world.report(1, 1);
    world.hub.ping();
    world.hub.announce(event(1, 1));
    world.run(1_000);
    const messages = socket.take();
    expect(headers(messages).sort()).toEqual(['cache', 'event', 'locationUpdate', 'ping']);
    const schema = Compile(ServerMessageSchema);
    for (const message of messages) expect(schema.Errors(message)).toEqual([]);
  });

  test('a tracker of another tenant is never seen, not even by who sees all', () => {
    const world = createWorld();
    world.register(1, [10]);
    world.register(2, [10], THEIRS);
    world.report(2, 0, THEIRS);
    const { socket } = world.open('all');
    world.report(2, 1, THEIRS);
    world.hub.announce({ ...event(2, 1), tenantId: THEIRS });
    world.run(1_000);
    const messages = socket.take();
    expect(headers(messages)).toEqual(['cache']);
    expect(cached(messages)).toEqual([]);
  });

  test('a report under the id of another tenant’s tracker reaches nobody', () => {
    const world = createWorld();
    world.register(1, [10]);
    const { socket } = world.open('all');
    world.report(1, 0, THEIRS);
    world.run(1_000);
    expect(updates(socket.take())).toEqual([]);
  });

  test('groups that the viewer is not in are not told', () => {
    const world = createWorld();
    world.register(1, [10, 20]);
    world.report(1, 0);
    const some = world.open(new Set([group(20)]));
    const all = world.open('all');
    world.run(50);
    world.report(1, 1);
    world.run(50);
    const [someMessages, allMessages] = [some.socket.take(), all.socket.take()];
    expect(cached(someMessages)[0]?.groups).toEqual([20]);
    expect(updates(someMessages)[0]?.groups).toEqual([20]);
    expect(updates(allMessages)[0]?.groups).toEqual([10, 20]);
  });

  test('the newest fix time wins: a late report changes nothing', () => {
    const world = createWorld();
    world.register(1, [10]);
    const { socket } = world.open('all');
    world.run(50);
    expect(world.report(1, 10)).toBe(true);
    expect(world.report(1, 9)).toBe(false);
    expect(world.report(1, 10)).toBe(false);
    world.run(1_000);
    const sent = updates(socket.take());
    expect(sent).toHaveLength(1);
    expect(sent[0]?.timestamp).toBe(new Date(START_MS + 10_000).toISOString());
  });

  test('a tracker that reports all the time is sent every 450 ms, newest state each time', () => {
    const world = createWorld();
    world.register(1, [10]);
    const { socket } = world.open('all');
    world.run(50);
    socket.take();
    for (let i = 1; i <= 45; i += 1) {
      world.report(1, i);
      world.run(50);
    }
    const times = updates(socket.take()).map((d) => Date.parse(d.timestamp) - START_MS);
    expect(times).toEqual([1_000, 10_000, 19_000, 28_000, 37_000]);
  });

  test('what is due in one tick leaves in one write', () => {
    const world = createWorld();
    for (let id = 1; id <= 50; id += 1) world.register(id, [10]);
    const { socket } = world.open('all');
    world.run(50);
    socket.take();
    socket.writes = 0;
    for (let id = 1; id <= 50; id += 1) world.report(id, 1);
    world.run(50);
    expect(socket.writes).toBe(1);
    expect(updates(socket.take())).toHaveLength(50);
  });

  test('a restored state is in the cache unless a newer one is known', () => {
    const world = createWorld();
    world.report(1, 5);
    const old = { lonE7: 0, latE7: 0, speedMps: NaN, headingDeg: NaN, altitudeM: NaN };
    const unknown = { batteryPct: null, charging: null, satellitesInUse: null };
    const rest = { ...unknown, valid: false, accuracyM: 6.04, receivedTimeMs: START_MS };
    world.hub.restore(OURS, tracker(1), { fixTimeMs: START_MS, ...old, ...rest });
    world.hub.restore(OURS, tracker(2), { fixTimeMs: START_MS, ...old, ...rest });
    world.register(1, [10]);
    world.register(2, [10]);
    const { socket } = world.open('all');
    world.run(50);
    const told = cached(socket.take());
    expect(told.map((d) => [d.tracker, Date.parse(d.timestamp)])).toEqual([
      [1, START_MS + 5_000],
      [2, START_MS],
    ]);
    expect(told[1]).toMatchObject({ valid: false, accuracy: 6 });
  });
});

describe('of two fixes of the same second', () => {
  const fixAt = (receivedTimeMs: number, lonE7: number) => ({
    fixTimeMs: START_MS,
    receivedTimeMs,
    lonE7,
    latE7: 0,
    speedMps: NaN,
    headingDeg: NaN,
    altitudeM: NaN,
    batteryPct: null,
    charging: null,
    satellitesInUse: null,
    valid: true,
    accuracyM: NaN,
  });

  test.each([
    ['in this order', [1, 2]],
    ['in the other order', [2, 1]],
  ])('the one received later is seen, as in the store, when they come %s', (_, order) => {
    const world = createWorld();
    world.register(1, [10]);
    for (const n of order) world.hub.restore(OURS, tracker(1), fixAt(START_MS + n, n * 1e7));
    const { socket } = world.open('all');
    world.run(50);
    expect(cached(socket.take()).map(({ location }) => location.longitude)).toEqual([2]);
  });

  test('that was restored while viewers look is told to them', () => {
    const world = createWorld();
    world.register(1, [10]);
    const { socket } = world.open('all');
    world.run(50);
    socket.take();
    world.hub.restore(OURS, tracker(1), fixAt(START_MS, 1e7));
    world.run(100);
    expect(updates(socket.take()).map(({ location }) => location.longitude)).toEqual([1]);
  });
});

describe('what a viewer may see changes while it looks', () => {
  test('a tracker that leaves its groups is not sent any more; one that comes is sent at once', () => {
    const world = createWorld();
    world.register(1, [10]);
    world.register(2, [20]);
    world.report(1, 0);
    world.report(2, 0);
    const { socket } = world.open(new Set([group(10)]));
    world.run(50);
    socket.take();
    world.register(1, []);
    world.register(2, [10]);
    world.run(50);
    expect(updates(socket.take()).map((d) => d.tracker)).toEqual([2]);
    world.report(1, 1);
    world.run(1_000);
    expect(updates(socket.take())).toEqual([]);
  });

  test('a person who joins and leaves groups sees accordingly', () => {
    const world = createWorld();
    world.register(1, [10]);
    world.register(2, [20]);
    world.report(1, 0);
    world.report(2, 0);
    const { socket, session } = world.open(new Set([group(10)]));
    world.run(50);
    socket.take();
    world.hub.setAudience(session, new Set([group(20)]));
    world.run(50);
    expect(updates(socket.take()).map((d) => d.tracker)).toEqual([2]);
    world.hub.setAudience(session, 'all');
    world.run(50);
    expect(updates(socket.take()).map((d) => d.tracker)).toEqual([1]);
    world.hub.setAudience(session, new Set());
    world.report(1, 1);
    world.report(2, 1);
    world.run(1_000);
    expect(updates(socket.take())).toEqual([]);
  });

  test('a retired tracker is not sent any more, also not what was owed of it', () => {
    const world = createWorld();
    world.register(1, [10]);
    const { socket } = world.open('all');
    world.run(50);
    world.report(1, 1);
    world.hub.changeRegistry({ trackers: [], retired: [tracker(1)] });
    world.report(1, 2);
    world.run(1_000);
    expect(updates(socket.take())).toEqual([]);
  });

  test('a tracker whose report came before its registration appears when it is registered', () => {
    const world = createWorld();
    const { socket } = world.open('all');
    world.report(7, 0);
    world.run(50);
    expect(cached(socket.take())).toEqual([]);
    world.register(7, []);
    world.run(50);
    expect(updates(socket.take()).map((d) => d.tracker)).toEqual([7]);
  });

  test('a new name is told without a new report', () => {
    const world = createWorld();
    world.register(1, [10]);
    world.report(1, 0);
    const { socket } = world.open('all');
    world.run(50);
    socket.take();
    world.register(1, [10], OURS, 'Renamed');
    world.run(500);
    expect(updates(socket.take()).map((d) => d.name)).toEqual(['Renamed']);
  });

  test('a tracker that leaves view is told to be gone: retired, out of the groups, out of the audience', () => {
    const world = createWorld();
    for (const id of [1, 2, 3, 4]) {
      world.register(id, [10]);
      world.report(id, 0);
    }
    world.register(9, [20], THEIRS);
    const all = world.open('all');
    const some = world.open(new Set([group(10)]));
    const others = world.open('all', THEIRS);
    world.run(50);
    for (const { socket } of [all, some, others]) socket.take();

    world.hub.changeRegistry({ trackers: [], retired: [tracker(1)] });
    world.register(2, [20]);
    world.run(500);
    expect(removed(all.socket.take())).toEqual([1]);
    expect(removed(some.socket.take()).sort()).toEqual([1, 2]);
    world.hub.setAudience(all.session, new Set([group(20)]));
    world.hub.setAudience(some.session, new Set());
    world.run(500);
    expect(removed(all.socket.take())).toEqual([3, 4]);
    expect(removed(some.socket.take())).toEqual([3, 4]);
    expect(headers(others.socket.take())).toEqual([]);
  });

  test('a tracker that left and came back while nothing could be sent is told as it is, not as gone', () => {
    const world = createWorld();
    world.register(1, [10]);
    world.report(1, 0);
    const { socket } = world.open(new Set([group(10)]));
    world.run(50);
    socket.take();
    socket.unsentBytes = MAX_UNSENT_BYTES;
    world.register(1, []);
    world.run(500);
    world.register(1, [10]);
    world.run(500);
    socket.drain();
    world.run(500);
    const told = socket.take();
    expect(removed(told)).toEqual([]);
    expect(updates(told).map((d) => d.tracker)).toEqual([1]);
  });

  test('what is gone is told to a slow reader as soon as there is room, each once', () => {
    const world = createWorld();
    for (const id of [1, 2]) world.register(id, [10]);
    const { socket } = world.open('all');
    world.run(50);
    socket.unsentBytes = MAX_UNSENT_BYTES;
    world.hub.changeRegistry({ trackers: [], retired: [tracker(1), tracker(2)] });
    world.run(500);
    expect(removed(socket.take())).toEqual([]);
    socket.drain();
    world.run(500);
    expect(removed(socket.take())).toEqual([1, 2]);
  });

  test('a tracker that never reported is told by its name when it comes and when it is renamed', () => {
    const world = createWorld();
    const { socket } = world.open('all');
    const member = world.open(new Set([group(10)]));
    world.run(50);
    socket.take();
    world.register(1, [10, 20], OURS, 'New');
    world.run(500);
    const named = { tracker: 1, name: 'New', groups: [10, 20] };
    const told = socket.take();
    expect(told).toEqual([{ header: 'trackerNamed', data: named }]);
    expect(Compile(ServerMessageSchema).Errors(told[0])).toEqual([]);
    expect(member.socket.take().at(-1)).toEqual({
      header: 'trackerNamed',
      data: { ...named, groups: [10] },
    });
    world.register(1, [10, 20], OURS, 'Renamed');
    world.run(500);
    expect(socket.take()).toMatchObject([{ header: 'trackerNamed', data: { name: 'Renamed' } }]);
    world.report(1, 0);
    world.run(500);
    expect(updates(socket.take()).map((d) => d.name)).toEqual(['Renamed']);
  });

  test('changed fences are told to all of the tenant, once however often they changed', () => {
    const world = createWorld();
    const ours = world.open(new Set());
    const theirs = world.open('all', THEIRS);
    world.run(50);
    for (const { socket } of [ours, theirs]) socket.take();
    world.hub.tellFencesChanged(OURS);
    world.hub.tellFencesChanged(OURS);
    world.run(500);
    expect(ours.socket.take()).toEqual([{ header: 'fencesChanged' }]);
    expect(theirs.socket.take()).toEqual([]);
    ours.socket.unsentBytes = MAX_UNSENT_BYTES;
    world.hub.tellFencesChanged(OURS);
    world.run(500);
    ours.socket.drain();
    world.run(500);
    expect(ours.socket.take()).toEqual([{ header: 'fencesChanged' }]);
  });

  test('a closed session is sent nothing and forgotten', () => {
    const world = createWorld();
    world.register(1, [10]);
    const { socket, session } = world.open(new Set([group(10)]));
    world.run(50);
    socket.take();
    world.hub.close(session, 'SESSION_ENDED');
    world.report(1, 0);
    world.hub.ping();
    world.hub.announce(event(1, 1));
    world.run(1_000);
    expect(socket.closedWith).toBe('SESSION_ENDED');
    expect(socket.take()).toEqual([]);
    expect(world.hub.sessions).toBe(0);
  });
});

describe('a viewer that does not read', () => {
  const manyTrackers = (world: ReturnType<typeof createWorld>, count: number): void => {
    for (let id = 1; id <= count; id += 1) {
      world.register(id, [10]);
      world.report(id, 0);
    }
  };

  test('costs bounded memory, is skipped and then gets the newest states only', () => {
    const world = createWorld();
    manyTrackers(world, 2_000);
    const { socket, session } = world.open('all');
    world.run(5_000);
    socket.take();
    socket.isReading = false;
    for (let second = 1; second <= 20; second += 1) {
      for (let id = 1; id <= 2_000; id += 1) world.report(id, second);
      world.run(1_000);
    }
    const pieceAndFrame = 70 * 1_024;
    expect(socket.most).toBeLessThan(MAX_UNSENT_BYTES + pieceAndFrame);
    expect(session.missed).toBeGreaterThan(0);
    socket.take();
    socket.isReading = true;
    socket.drain();
    world.run(1_000);
    const sent = updates(socket.take());
    expect(new Set(sent.map((d) => d.tracker)).size).toBe(sent.length);
    expect(sent.every((d) => Date.parse(d.timestamp) === START_MS + 20_000)).toBe(true);
    expect(sent).toHaveLength(2_000);
    expect(session.missed).toBe(0);
  });

  test('is not sent a tracker that was retired while it did not read', () => {
    const world = createWorld();
    world.register(1, [10]);
    world.register(2, [10]);
    const { socket, session } = world.open('all');
    world.run(50);
    socket.take();
    socket.unsentBytes = MAX_UNSENT_BYTES;
    world.report(1, 1);
    world.report(2, 1);
    world.run(50);
    expect(session.missed).toBe(2);
    world.hub.changeRegistry({ trackers: [], retired: [tracker(1)] });
    socket.drain();
    world.run(50);
    expect(updates(socket.take()).map((d) => d.tracker)).toEqual([2]);
  });

  test('is closed after 30 s without room', async () => {
    const world = createWorld();
    world.register(1, [10]);
    const { socket } = world.open('all');
    world.run(50);
    socket.unsentBytes = MAX_UNSENT_BYTES;
    world.report(1, 1);
    world.run(MAX_STALL_MS);
    expect(socket.closedWith).toBeNull();
    world.run(100);
    expect(socket.closedWith).toBe('SLOW_READER');
    expect(
      await world.metrics.read('followme_live_sessions_closed_total', { code: 'SLOW_READER' }),
    ).toBe(1);
  });

  test('a large cache goes out piece by piece, and what changed meanwhile follows it', () => {
    const world = createWorld();
    manyTrackers(world, 3_000);
    const { socket } = world.open('all');
    socket.isReading = false;
    world.run(50);
    expect(socket.most).toBeLessThan(MAX_UNSENT_BYTES + 70 * 1_024);
    world.report(1, 1);
    world.hub.announce(event(1, 1));
    world.hub.ping();
    for (let i = 0; i < 20; i += 1) {
      socket.drain();
      world.run(50);
    }
    const messages = socket.take();
    expect(messages[0]?.header).toBe('cache');
    expect(cached(messages)).toHaveLength(3_000);
    expect(headers(messages.slice(1)).sort()).toEqual(['event', 'locationUpdate']);
  });

  test('is not told again after the cache what the cache told already in its newest state', () => {
    const world = createWorld();
    manyTrackers(world, 3_000);
    const { socket } = world.open('all');
    socket.isReading = false;
    world.run(50);
    world.report(3_000, 1);
    world.run(50);
    for (let i = 0; i < 20; i += 1) {
      socket.drain();
      world.run(50);
    }
    const messages = socket.take();
    const told = cached(messages).find((d) => d.tracker === 3_000);
    expect(told?.timestamp).toBe(new Date(START_MS + 1_000).toISOString());
    expect(updates(messages)).toEqual([]);
  });

  test('keeps the newest events up to a bound, the others are counted', async () => {
    const world = createWorld();
    world.register(1, [10]);
    const { socket } = world.open('all');
    world.run(50);
    socket.take();
    socket.unsentBytes = MAX_UNSENT_BYTES;
    for (let n = 1; n <= MAX_HELD_EVENTS + 3; n += 1) world.hub.announce(event(1, n));
    world.run(50);
    socket.drain();
    world.run(50);
    const events = socket.take().flatMap((m) => (m.header === 'event' ? [m.data.eventSeq] : []));
    expect(events).toHaveLength(MAX_HELD_EVENTS);
    expect(events[0]).toBe(4);
    expect(await world.metrics.read('followme_live_drops_total')).toBe(3);
  });

  test('does not hold up others', () => {
    const world = createWorld();
    world.register(1, [10]);
    const slow = world.open('all');
    const quick = world.open('all');
    world.run(50);
    slow.socket.unsentBytes = MAX_UNSENT_BYTES;
    quick.socket.take();
    world.report(1, 1);
    world.run(50);
    expect(updates(quick.socket.take())).toHaveLength(1);
  });
});

describe('alerts', () => {
  test('go to those who see the tracker, in the same bytes', () => {
    const world = createWorld();
    world.register(1, [10]);
    world.register(2, [20]);
    world.register(3, [10], THEIRS);
    const north = world.open(new Set([group(10)]));
    const all = world.open('all');
    const theirs = world.open('all', THEIRS);
    world.run(50);
    for (const { socket } of [north, all, theirs]) socket.take();
    world.hub.announceAlert(OURS, alert(1, 1), []);
    world.hub.announceAlert(OURS, alert(2, 2), []);
    world.run(50);
    expect(alerts(north.socket.take())).toEqual([[1, 1]]);
    expect(alerts(all.socket.take())).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(theirs.socket.take()).toEqual([]);
  });

  test('fit the schema of the protocol and come after the cache', () => {
    const world = createWorld();
    world.register(1, [10]);
    world.report(1, 0);
    const { socket } = world.open('all');
    world.hub.announceAlert(OURS, alert(1, 1), []);
    world.run(100);
    const messages = socket.take();
    expect(headers(messages)).toEqual(['cache', 'alert']);
    const schema = Compile(ServerMessageSchema);
    for (const message of messages) expect(schema.Errors(message)).toEqual([]);
  });

  test('about a tracker out of service go to those who see a group it was in', () => {
    const world = createWorld();
    const north = world.open(new Set([group(10)]));
    const south = world.open(new Set([group(20)]));
    const all = world.open('all');
    world.hub.announceAlert(OURS, alert(1, 7), [group(10)]);
    world.run(100);
    const told = [north, south, all].map(({ socket }) => alerts(socket.take()));
    expect(told).toEqual([[[1, 1]], [], [[1, 1]]]);
  });

  test('wait for a slow viewer in their newest form, none left out', () => {
    const world = createWorld();
    world.register(1, [10]);
    const { socket } = world.open('all');
    world.run(50);
    socket.isReading = false;
    socket.unsentBytes = MAX_UNSENT_BYTES;
    for (let id = 1; id <= MAX_HELD_ALERTS; id += 1) {
      world.hub.announceAlert(OURS, alert(id, 1, id), []);
      world.hub.announceAlert(OURS, alert(id, 1, id + 10_000), []);
    }
    world.run(1_000);
    expect(alerts(socket.take())).toEqual([]);
    expect(socket.closedWith).toBeNull();
    socket.isReading = true;
    socket.drain();
    world.run(2_000);
    const told = alerts(socket.take());
    expect(told).toHaveLength(MAX_HELD_ALERTS);
    expect(told.every(([id, revision]) => revision === id + 10_000)).toBe(true);
    expect(socket.most).toBeLessThan(MAX_UNSENT_BYTES + 100 * 1_024);
  });

  test('go out before position updates, which do not take their room meanwhile', () => {
    const world = createWorld();
    for (let id = 1; id <= 20; id += 1) world.register(id, [10]);
    const { socket } = world.open('all');
    world.run(50);
    socket.take();
    socket.unsentBytes = MAX_UNSENT_BYTES;
    world.hub.announceAlert(OURS, alert(1, 1), []);
    for (let id = 1; id <= 20; id += 1) world.report(id, 1);
    world.run(50);
    // room for an update, not for the alert
    socket.unsentBytes = MAX_UNSENT_BYTES - 350;
    for (let second = 2; second <= 5; second += 1) {
      for (let id = 1; id <= 20; id += 1) world.report(id, second);
      world.run(500);
    }
    expect(headers(socket.take())).toEqual([]);
    socket.drain();
    for (let id = 1; id <= 20; id += 1) world.report(id, 6);
    world.run(500);
    const told = headers(socket.take());
    expect(told[0]).toBe('alert');
    expect(told.filter((header) => header === 'locationUpdate').length).toBeGreaterThanOrEqual(20);
  });

  test('that come with updates in the same tick are written before them', () => {
    const world = createWorld();
    world.register(1, [10]);
    const { socket } = world.open('all');
    world.run(50);
    socket.take();
    world.report(1, 1);
    world.hub.announceAlert(OURS, alert(1, 1), []);
    world.run(50);
    expect(headers(socket.take())).toEqual(['alert', 'locationUpdate']);
  });

  test('that are more than may wait close the session, and nobody else’s', () => {
    const world = createWorld();
    world.register(1, [10]);
    const slow = world.open('all');
    const quick = world.open('all');
    world.run(50);
    slow.socket.unsentBytes = MAX_UNSENT_BYTES;
    for (let id = 1; id <= MAX_HELD_ALERTS + 1; id += 1) {
      world.hub.announceAlert(OURS, alert(id, 1), []);
      if (id % 100 === 0) world.run(50);
    }
    world.run(50);
    expect(slow.socket.closedWith).toBe('SLOW_READER');
    expect(quick.socket.closedWith).toBeNull();
    expect(alerts(quick.socket.take())).toHaveLength(MAX_HELD_ALERTS + 1);
  });

  test('are owed for trackers that come into view, not for those that were there or are new', () => {
    const world = createWorld();
    world.register(1, [10]);
    world.register(2, [20]);
    const { session } = world.open(new Set([group(10)]));
    world.run(50);
    const gained = () => [...session.gained].map(({ trackerId }) => trackerId);
    expect(gained()).toEqual([]);
    world.hub.setAudience(session, new Set([group(10), group(20)]));
    expect(gained()).toEqual([2]);
    session.settleGained(session.gained);
    expect(gained()).toEqual([]);
    world.hub.setAudience(session, new Set([group(10)]));
    world.hub.setAudience(session, 'all');
    expect(gained()).toEqual([2]);
    world.hub.setAudience(session, new Set([group(10)]));
    expect(gained()).toEqual([]);
  });
});
