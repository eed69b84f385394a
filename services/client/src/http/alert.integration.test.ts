/** Alerts over real HTTP and sockets on a real store: who sees them, who acts on them, who hears of it. */
import type { AlertId } from '@followme/model';
import { retireTracker, setGroupTrackers } from '@followme/store';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createClientService, type ClientService } from '../service.ts';
import { createCall, type Call, type Method } from '../testing/calls.ts';
import { createClientWorld, RAISED_MS, type ClientWorld } from '../testing/client-world.ts';
import { openViewer, type SocketClient } from '../testing/socket-client.ts';

let world: ClientWorld;
let service: ClientService;
let url: string;
let call: Call;
const opened: SocketClient[] = [];

beforeAll(async () => {
  world = await createClientWorld();
  service = createClientService(world.deps);
  ({ url } = await service.start());
  call = createCall(url);
});
afterEach(() => {
  for (const client of opened.splice(0)) client.close();
});
afterAll(async () => {
  await service.stop();
  await world.stop();
});

const asAdmin = (method: Method, path: string, body?: object) =>
  call(world.alpha.admin.key, method, path, body);
const asOperator = (method: Method, path: string, body?: object) =>
  call(world.alpha.operator.key, method, path, body);
const pathOf = (alertId: AlertId) => `/api/alerts/${alertId}`;
const idsOf = (body: { readonly items: readonly { readonly id: number }[] }) =>
  body.items.map(({ id }) => id);
const raiseSeen = () => world.raise(world.alpha, world.alpha.seenId);
const view = async (key: string): Promise<SocketClient> => {
  const client = await openViewer(url, key);
  opened.push(client);
  await client.waitFor('cache');
  return client;
};
const toldTo = (client: SocketClient) =>
  client.messages.flatMap((m) => (m.header === 'alert' ? [m.data] : []));
const person = () => ({ id: world.alpha.operator.userId, name: world.alpha.operator.email });

describe('alerts', () => {
  test('are told with names and times, of the trackers one sees and no others', async () => {
    const { alpha, beta } = world;
    const seen = await raiseSeen();
    const hidden = await world.raise(alpha, alpha.hiddenId);
    const theirs = await world.raise(beta, beta.seenId);
    const { body } = await call(alpha.member.key, 'GET', '/api/alerts?limit=1000');
    expect(body.items[0]).toEqual({
      id: seen,
      revision: expect.any(Number),
      state: 'open',
      severity: 'critical',
      kind: 'alarm',
      trackerId: alpha.seenId,
      trackerName: 'Seen',
      fenceId: null,
      fenceName: null,
      transition: null,
      alarm: 'sos',
      ruleId: null,
      ruleName: null,
      occurrences: 1,
      firstTime: new Date(RAISED_MS).toISOString(),
      lastTime: new Date(RAISED_MS).toISOString(),
      raisedTime: new Date(RAISED_MS + 1_000).toISOString(),
      lastRaisedTime: new Date(RAISED_MS + 1_000).toISOString(),
      lon: 4.7,
      lat: 52.3,
      acknowledged: null,
      assigned: null,
      closed: null,
      escalates: null,
    });
    expect(idsOf(body)).not.toContain(hidden);
    expect(idsOf((await asAdmin('GET', '/api/alerts')).body).slice(0, 2)).toEqual([hidden, seen]);

    for (const key of [alpha.member.key, alpha.operator.key]) {
      expect((await call(key, 'GET', pathOf(hidden))).body.code).toBe('ALERT_NOT_FOUND');
    }
    expect((await asAdmin('GET', pathOf(theirs))).body.code).toBe('ALERT_NOT_FOUND');
    const ofHidden = await call(alpha.member.key, 'GET', `/api/alerts?trackerId=${alpha.hiddenId}`);
    expect(ofHidden.body.code).toBe('TRACKER_NOT_FOUND');
    const ofSeen = await asAdmin('GET', `/api/alerts?trackerId=${alpha.seenId}`);
    expect(idsOf(ofSeen.body)).toContain(seen);
    expect(idsOf(ofSeen.body)).not.toContain(hidden);
  });

  test('are paged through by their cursor, those that need attention apart from closed ones', async () => {
    const [first, second, third] = [await raiseSeen(), await raiseSeen(), await raiseSeen()];
    await asOperator('POST', `${pathOf(second)}/close`, {});
    const page = await asOperator('GET', '/api/alerts?limit=1&state=unclosed');
    expect(idsOf(page.body)).toEqual([third]);
    const next = `/api/alerts?limit=1&state=unclosed&cursor=${page.body.nextCursor}`;
    expect(idsOf((await asOperator('GET', next)).body)).toEqual([first]);
    const closed = await asOperator('GET', '/api/alerts?state=closed&limit=1');
    expect(idsOf(closed.body)).toEqual([second]);
    const bad = await asOperator('GET', '/api/alerts?cursor=nonsense');
    expect(bad.body.code).toBe('CURSOR_INVALID');
    const unknown = await asOperator('GET', '/api/alerts?state=open');
    expect(unknown.body.code).toBe('VALIDATION_FAILED');
  });
});

describe('what operators do with an alert', () => {
  test('is done, and written down with who and when', async () => {
    const at = pathOf(await raiseSeen());
    const by = person();
    const answered = await asOperator('POST', `${at}/acknowledge`, { comment: 'On my way 🚒' });
    expect(answered).toMatchObject({
      status: 200,
      body: { state: 'acknowledged', acknowledged: { by, time: expect.any(String) } },
    });
    const { userId } = world.alpha.admin;
    const assigned = await asOperator('POST', `${at}/assign`, { userId });
    expect(assigned.body.assigned).toEqual({ id: userId, name: world.alpha.admin.email });
    expect((await asOperator('POST', `${at}/assign`, { userId: null })).body.assigned).toBeNull();
    const comment = 'اتصلت به\nمرتين';
    expect((await asOperator('POST', `${at}/comment`, { comment })).status).toBe(200);
    const closed = await asOperator('POST', `${at}/close`, { comment: 'False alarm' });
    expect(closed.body).toMatchObject({ state: 'closed', closed: { by } });
    const reopened = await asOperator('POST', `${at}/reopen`, {});
    // as it was before: somebody has it
    expect(reopened.body).toMatchObject({
      state: 'acknowledged',
      closed: null,
      acknowledged: { by },
    });
    expect(reopened.body.revision).toBeGreaterThan(closed.body.revision);

    const { entries } = (await asOperator('GET', at)).body;
    expect(entries).toEqual([
      {
        time: new Date(RAISED_MS + 1_000).toISOString(),
        by: null,
        kind: 'raised',
        comment: null,
        about: null,
      },
      { time: expect.any(String), by, kind: 'acknowledged', comment: 'On my way 🚒', about: null },
      {
        time: expect.any(String),
        by,
        kind: 'assigned',
        comment: null,
        about: assigned.body.assigned,
      },
      { time: expect.any(String), by, kind: 'unassigned', comment: null, about: null },
      { time: expect.any(String), by, kind: 'commented', comment, about: null },
      { time: expect.any(String), by, kind: 'closed', comment: 'False alarm', about: null },
      { time: expect.any(String), by, kind: 'reopened', comment: null, about: null },
    ]);
  });

  test('succeeds when the same person repeats it, and is written down once', async () => {
    const at = pathOf(await raiseSeen());
    const { userId } = world.alpha.operator;
    for (const [deed, body] of [
      ['acknowledge', { comment: 'Seen' }],
      ['assign', { userId }],
      ['close', {}],
    ] as const) {
      const both = await Promise.all([1, 2].map(() => asOperator('POST', `${at}/${deed}`, body)));
      const again = await asOperator('POST', `${at}/${deed}`, body);
      expect([...both, again].map(({ status }) => status)).toEqual([200, 200, 200]);
    }
    const { entries } = (await asOperator('GET', at)).body;
    const kinds = entries.map(({ kind }: { kind: string }) => kind);
    expect(kinds.filter((kind: string) => kind === 'acknowledged')).toHaveLength(1);
    expect(kinds.filter((kind: string) => kind === 'closed')).toHaveLength(1);
  });

  test('of two people who answer at once one does, and both see who', async () => {
    const at = pathOf(await raiseSeen());
    const replies = await Promise.all([
      asAdmin('POST', `${at}/acknowledge`, {}),
      asOperator('POST', `${at}/acknowledge`, {}),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(replies.find(({ status }) => status === 409)?.body.code).toBe('ALERT_STATE');
    const won = replies.find(({ status }) => status === 200)?.body;
    for (const ask of [asAdmin, asOperator]) {
      const { alert, entries } = (await ask('GET', at)).body;
      expect(alert.acknowledged).toEqual(won.acknowledged);
      expect(entries.map(({ kind }: { kind: string }) => kind)).toEqual(['raised', 'acknowledged']);
    }
  });

  test('is refused when the alert is not in a state for it, and nothing is written', async () => {
    const at = pathOf(await raiseSeen());
    await asAdmin('POST', `${at}/close`, {});
    const before = (await asOperator('GET', at)).body;
    for (const [deed, body] of [
      ['acknowledge', {}],
      ['close', {}],
      ['assign', { userId: world.alpha.operator.userId }],
    ] as const) {
      const { status, body: problem } = await asOperator('POST', `${at}/${deed}`, body);
      expect([deed, status, problem.code]).toEqual([deed, 409, 'ALERT_STATE']);
    }
    const open = pathOf(await raiseSeen());
    expect((await asOperator('POST', `${open}/reopen`, {})).body.code).toBe('ALERT_STATE');
    expect((await asOperator('GET', at)).body).toEqual(before);
  });

  test('is refused for an alert they do not see, as if there were none', async () => {
    const { alpha, beta } = world;
    const hidden = await world.raise(alpha, alpha.hiddenId);
    const theirs = await world.raise(beta, beta.seenId);
    for (const alertId of [hidden, theirs]) {
      for (const [deed, body] of [
        ['acknowledge', {}],
        ['close', {}],
        ['reopen', {}],
        ['comment', { comment: 'x' }],
        ['assign', { userId: alpha.operator.userId }],
      ] as const) {
        const { body: problem } = await asOperator('POST', `${pathOf(alertId)}/${deed}`, body);
        expect([deed, problem.code]).toEqual([deed, 'ALERT_NOT_FOUND']);
      }
    }
    expect((await asAdmin('GET', pathOf(hidden))).body.entries).toHaveLength(1);
    const untouched = await call(beta.admin.key, 'GET', pathOf(theirs));
    expect(untouched.body.alert.state).toBe('open');
  });

  test('is not for members', async () => {
    const at = pathOf(await raiseSeen());
    const { status } = await call(world.alpha.member.key, 'POST', `${at}/acknowledge`, {});
    expect(status).toBe(403);
    expect((await call(world.alpha.member.key, 'GET', at)).body.deliveries).toEqual([]);
  });

  test.each([
    ['a member', () => world.alpha.member.userId],
    ['somebody of another tenant', () => world.beta.operator.userId],
    ['nobody there is', () => 2_000_000_000],
  ])('does not give it to %s', async (_, userId) => {
    const at = pathOf(await raiseSeen());
    const reply = await asOperator('POST', `${at}/assign`, { userId: userId() });
    expect(reply.body).toMatchObject({ code: 'USER_NOT_FOUND', path: '/body/userId' });
  });

  test('does not give it to a colleague who does not see its tracker, and says who does', async () => {
    const { alpha, beta } = world;
    const hidden = await world.raise(alpha, alpha.hiddenId);
    const { userId } = alpha.operator;
    const refused = await asAdmin('POST', `${pathOf(hidden)}/assign`, { userId });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'ASSIGNEE_CANNOT_SEE', path: '/body/userId' },
    });
    expect((await asAdmin('GET', pathOf(hidden))).body).toMatchObject({
      alert: { assigned: null },
      entries: [{ kind: 'raised' }],
    });
    const colleagues = async (alertId: AlertId) =>
      idsOf((await asAdmin('GET', `/api/colleagues?alertId=${alertId}`)).body);
    expect(await colleagues(hidden)).toEqual([alpha.admin.userId]);
    const seen = await raiseSeen();
    expect(new Set(await colleagues(seen))).toEqual(new Set([alpha.admin.userId, userId]));
    expect((await asAdmin('POST', `${pathOf(seen)}/assign`, { userId })).status).toBe(200);

    const theirs = await world.raise(beta, beta.seenId);
    for (const [as, alertId] of [
      [asOperator, hidden],
      [asAdmin, theirs],
    ] as const) {
      const reply = await as('GET', `/api/colleagues?alertId=${alertId}`);
      expect([reply.status, reply.body.code]).toEqual([404, 'ALERT_NOT_FOUND']);
    }
  });

  test.each([
    ['a blank comment', { comment: ' \n ' }],
    ['an over-long comment', { comment: 'x'.repeat(2_001) }],
    ['a comment with a NUL in it', { comment: 'a\u0000b' }],
  ])('refuses %s', async (_, body) => {
    const at = pathOf(await raiseSeen());
    for (const deed of ['comment', 'acknowledge', 'close']) {
      const reply = await asOperator('POST', `${at}/${deed}`, body);
      expect(reply.body).toMatchObject({ code: 'VALIDATION_FAILED', path: '/body/comment' });
    }
  });
});

describe('on the socket', () => {
  test('what is raised and done is told to all who see the tracker, as HTTP tells it', async () => {
    const { alpha, beta } = world;
    const [member, admin, stranger] = [
      await view(alpha.member.key),
      await view(alpha.admin.key),
      await view(beta.admin.key),
    ];
    const alertId = await raiseSeen();
    world.log.broadcast('alerts', Buffer.from(String(alpha.tenantId)));
    const raised = await member.waitForAlert(({ id }) => id === alertId);
    expect(raised).toEqual((await asOperator('GET', pathOf(alertId))).body.alert);
    const done = await asOperator('POST', `${pathOf(alertId)}/acknowledge`, {});
    for (const client of [member, admin]) {
      const told = await client.waitForAlert((alert) => alert.revision === done.body.revision);
      expect(told).toEqual(done.body);
    }

    // what is not seen is not told, though what was raised after it is
    const hidden = await world.raise(alpha, alpha.hiddenId);
    const next = await raiseSeen();
    world.log.broadcast('alerts', Buffer.from(String(alpha.tenantId)));
    for (const client of [member, admin]) await client.waitForAlert(({ id }) => id === next);
    expect(toldTo(member).map(({ id }) => id)).not.toContain(hidden);
    expect(toldTo(admin).map(({ id }) => id)).toContain(hidden);
    expect(toldTo(stranger)).toEqual([]);
  });

  test('a lost broadcast is made good by the next look', async () => {
    const member = await view(world.alpha.member.key);
    const alertId = await raiseSeen();
    const told = await member.waitForAlert(({ id }) => id === alertId);
    expect(told.state).toBe('open');
  });

  test('whoever identifies first and then asks misses nothing that is raised meanwhile', async () => {
    const raised: AlertId[] = [];
    const raising = (async () => {
      for (let n = 0; n < 40; n += 1) raised.push(await raiseSeen());
    })();
    const member = await view(world.alpha.member.key);
    const { body } = await call(world.alpha.member.key, 'GET', '/api/alerts?limit=1000');
    await raising;
    const last = raised.at(-1) ?? 0;
    await member.waitForAlert((alert) => alert.id === last);
    const known = new Set([...idsOf(body), ...toldTo(member).map(({ id }) => id)]);
    expect(raised.filter((id) => !known.has(id))).toEqual([]);
  });

  test('a tracker that comes into view brings its open alerts, not its closed ones', async () => {
    const { alpha, store } = world;
    const open = await world.raise(alpha, alpha.hiddenId);
    const closed = await world.raise(alpha, alpha.hiddenId, { state: 'closed' });
    const member = await view(alpha.member.key);
    const set = (ids: readonly (typeof alpha.seenId)[]) =>
      store.asTenant(alpha.tenantId, (tenant) => setGroupTrackers(tenant, alpha.northId, ids));
    await set([alpha.seenId, alpha.hiddenId]);
    await member.waitForAlert((alert) => alert.id === open);
    // and when it is gone again, nothing more is told of it
    await set([alpha.seenId]);
    await member.waitFor('trackerRemoved');
    await asAdmin('POST', `${pathOf(open)}/acknowledge`, {});
    const marker = await raiseSeen();
    await member.waitForAlert((alert) => alert.id === marker);
    const told = toldTo(member);
    expect(told.map(({ id }) => id)).not.toContain(closed);
    expect(told.filter(({ id }) => id === open).map(({ state }) => state)).toEqual(['open']);
  });

  test('an alert about a tracker out of service is still told to those who saw it', async () => {
    const { beta, store } = world;
    const alertId = await world.raise(beta, beta.seenId);
    const hidden = await world.raise(beta, beta.hiddenId);
    const member = await view(beta.member.key);
    await store.asTenant(beta.tenantId, (tenant) => retireTracker(tenant, beta.seenId));
    await store.asTenant(beta.tenantId, (tenant) => retireTracker(tenant, beta.hiddenId));
    await member.waitFor('trackerRemoved');
    await call(beta.admin.key, 'POST', `${pathOf(hidden)}/close`, {});
    await call(beta.admin.key, 'POST', `${pathOf(alertId)}/close`, {});
    await member.waitForAlert(({ id, state }) => id === alertId && state === 'closed');
    expect(toldTo(member).map(({ id }) => id)).not.toContain(hidden);
  });
});
