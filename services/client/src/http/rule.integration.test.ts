/** Rules over real HTTP on a real store: who makes them, what they may name, two who change one at once. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClientService, type ClientService } from '../service.ts';
import { createCall, type Call, type Method } from '../testing/calls.ts';
import { createClientWorld, type ClientWorld } from '../testing/client-world.ts';

let world: ClientWorld;
let service: ClientService;
let call: Call;
let fenceId = 0;
let theirFenceId = 0;

const circle = { type: 'Point', coordinates: [4.7, 52.3], radiusM: 250 };

beforeAll(async () => {
  world = await createClientWorld();
  service = createClientService(world.deps);
  call = createCall((await service.start()).url);
  const addFence = async (key: string): Promise<number> =>
    (await call(key, 'POST', '/api/fences', { name: 'Yard', geometry: circle })).body.id;
  fenceId = await addFence(world.alpha.admin.key);
  theirFenceId = await addFence(world.beta.admin.key);
});
afterAll(async () => {
  await service.stop();
  await world.stop();
});

const asAdmin = (method: Method, path: string, body?: object) =>
  call(world.alpha.admin.key, method, path, body);

const SOS = {
  name: 'Help',
  enabled: true,
  severity: 'critical',
  trigger: { kind: 'alarm', alarms: ['sos', 'fall'] },
  groupIds: null,
  recipientIds: [],
  webhookIds: [],
  coolDownS: 300,
  escalation: null,
};

async function addRule(fields: object = {}) {
  const made = await asAdmin('POST', '/api/rules', { ...SOS, ...fields });
  expect(made.status).toBe(201);
  return { rule: made.body, path: `/api/rules/${made.body.id}` };
}

describe('rules', () => {
  test('are made, read by everybody signed in, changed and taken away', async () => {
    const { northId, operator, admin } = world.alpha;
    const fields = {
      ...SOS,
      trigger: { kind: 'fence', fenceIds: [fenceId], on: ['enter', 'exit'] },
      groupIds: [northId],
      recipientIds: [operator.userId],
      escalation: { afterS: 60, toIds: [admin.userId] },
    };
    const { rule, path } = await addRule(fields);
    expect(rule).toEqual({ id: rule.id, ...fields, version: 1 });
    expect((await call(world.alpha.member.key, 'GET', path)).body).toEqual(rule);
    const listed = await call(world.alpha.member.key, 'GET', '/api/rules');
    expect(listed.body.items).toContainEqual(rule);

    const change = { trigger: { kind: 'silent', afterS: 1_800 }, groupIds: null, escalation: null };
    const changed = await asAdmin('PATCH', path, change);
    expect(changed.body).toEqual({ ...rule, ...change, version: 2 });
    expect((await asAdmin('DELETE', path)).status).toBe(204);
    expect((await asAdmin('GET', path)).body.code).toBe('RULE_NOT_FOUND');
    expect((await asAdmin('DELETE', path)).status).toBe(404);
  });

  test('what changes nothing makes no version', async () => {
    const { rule, path } = await addRule();
    expect((await asAdmin('PATCH', path, { name: SOS.name, trigger: SOS.trigger })).body).toEqual(
      rule,
    );
    const changed = await asAdmin('PATCH', path, { enabled: false });
    expect(changed.body).toEqual({ ...rule, enabled: false, version: 2 });
  });

  test('of two who change one version at once, one is told that it changed', async () => {
    const { path } = await addRule();
    const replies = await Promise.all(
      ['Mine', 'Yours'].map((name) => asAdmin('PATCH', path, { name, ifVersion: 1 })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(replies.find(({ status }) => status === 409)?.body.code).toBe('RULE_CHANGED');
    const won = replies.find(({ status }) => status === 200)?.body;
    expect((await asAdmin('GET', path)).body).toEqual(won);
    // a stale hand is told even when it would change nothing
    const same = await asAdmin('PATCH', path, { name: won.name, ifVersion: 1 });
    expect(same.body.code).toBe('RULE_CHANGED');
  });

  test.each([
    [
      'fences',
      'FENCE_NOT_FOUND',
      '/body/trigger/fenceIds',
      () => ({
        trigger: { kind: 'fence', fenceIds: [fenceId, theirFenceId], on: ['exit'] },
      }),
    ],
    ['groups', 'GROUP_NOT_FOUND', '/body/groupIds', () => ({ groupIds: [world.beta.northId] })],
    [
      'people',
      'USER_NOT_FOUND',
      '/body/recipientIds',
      () => ({
        recipientIds: [world.alpha.admin.userId, world.beta.admin.userId],
      }),
    ],
    [
      'people to escalate to',
      'USER_NOT_FOUND',
      '/body/escalation/toIds',
      () => ({
        escalation: { afterS: 60, toIds: [world.beta.admin.userId] },
      }),
    ],
    ['webhooks', 'WEBHOOK_NOT_FOUND', '/body/webhookIds', () => ({ webhookIds: [2_000_000_000] })],
  ])('%s that are none of the tenant’s are refused by name', async (_, code, path, fields) => {
    const made = await asAdmin('POST', '/api/rules', { ...SOS, ...fields() });
    expect(made).toMatchObject({ status: 404, body: { code, path } });
    const { rule, path: at } = await addRule();
    expect((await asAdmin('PATCH', at, fields())).body).toMatchObject({ code, path });
    expect((await asAdmin('GET', at)).body).toEqual(rule);
  });

  test('one that names a fence deleted since can still be changed', async () => {
    const fence = await asAdmin('POST', '/api/fences', { name: 'Brief', geometry: circle });
    const trigger = { kind: 'fence', fenceIds: [fence.body.id], on: ['enter'] };
    const { path } = await addRule({ trigger });
    expect((await asAdmin('DELETE', `/api/fences/${fence.body.id}`)).status).toBe(204);
    const renamed = await asAdmin('PATCH', path, { name: 'Renamed', trigger });
    expect(renamed).toMatchObject({ status: 200, body: { name: 'Renamed', trigger } });
    const again = await asAdmin('POST', '/api/rules', { ...SOS, trigger });
    expect(again.body.code).toBe('FENCE_NOT_FOUND');
  });

  test('of another tenant do not exist', async () => {
    const theirs = await call(world.beta.admin.key, 'POST', '/api/rules', SOS);
    const path = `/api/rules/${theirs.body.id}`;
    for (const [method, body] of [['GET'], ['PATCH', { name: 'Mine' }], ['DELETE']] as const) {
      expect((await asAdmin(method, path, body)).body.code).toBe('RULE_NOT_FOUND');
    }
    expect((await asAdmin('GET', '/api/rules?limit=1000')).body.items).not.toContainEqual(
      theirs.body,
    );
    expect((await call(world.beta.admin.key, 'GET', path)).body).toEqual(theirs.body);
  });

  test('names in any script are kept', async () => {
    for (const name of ['تنبيه', 'Geel 🟡 alarm', 'x'.repeat(200)]) {
      expect((await addRule({ name })).rule.name).toBe(name);
    }
  });

  test.each([
    ['an over-long name', { name: 'x'.repeat(201) }, '/body/name'],
    ['a severity there is not', { severity: 'loud' }, '/body/severity'],
    ['a trigger of no kind', { trigger: { kind: 'weather' } }, '/body/trigger'],
    [
      'an alarm there is not',
      { trigger: { kind: 'alarm', alarms: ['x'] } },
      '/body/trigger/alarms/0',
    ],
    ['silence of a second', { trigger: { kind: 'silent', afterS: 1 } }, '/body/trigger/afterS'],
    [
      'no fence at all',
      { trigger: { kind: 'fence', fenceIds: [], on: ['enter'] } },
      '/body/trigger/fenceIds',
    ],
    ['a group twice', { groupIds: [1, 1] }, '/body/groupIds'],
    ['escalation to nobody', { escalation: { afterS: 60, toIds: [] } }, '/body/escalation/toIds'],
    ['a cool-down in the past', { coolDownS: -1 }, '/body/coolDownS'],
  ])('%s is refused, and its place is named', async (_, wrong, path) => {
    const { status, body } = await asAdmin('POST', '/api/rules', { ...SOS, ...wrong });
    expect([status, body.code, body.path]).toEqual([400, 'VALIDATION_FAILED', path]);
  });
});
