/** People, their passwords and where devices report to, over real HTTP on a real store. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClientService, type ClientService } from '../service.ts';
import { createCall, type Call, type Method } from '../testing/calls.ts';
import { createClientWorld, PASSWORD, type ClientWorld } from '../testing/client-world.ts';
import { openViewer } from '../testing/socket-client.ts';
import { FAILURES_PER_ACCOUNT } from './login-limit.ts';

let world: ClientWorld;
let service: ClientService;
let url: string;
let call: Call;

beforeAll(async () => {
  world = await createClientWorld();
  service = createClientService(world.deps);
  ({ url } = await service.start());
  call = createCall(url);
});
afterAll(async () => {
  await service.stop();
  await world.stop();
});

const asAdmin = (method: Method, path: string, body?: object) =>
  call(world.alpha.admin.key, method, path, body);
let people = 0;
/** A person nobody else in this file deals with. */
async function addPerson(fields: object = {}) {
  people += 1;
  const body = { name: `P ${people}`, email: `p${people}@alpha.test`, role: 'operator', ...fields };
  const made = await asAdmin('POST', '/api/users', body);
  expect(made.status).toBe(201);
  return {
    ...made.body.user,
    password: made.body.password,
    path: `/api/users/${made.body.user.id}`,
  };
}
async function logIn(email: string, password: string) {
  const reply = await fetch(`${url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  const body = await reply.json();
  return { status: reply.status, key: String(body.sessionKey) };
}

describe('people', () => {
  test('one is made with groups and a password to hand over, which opens the door', async () => {
    const { northId } = world.alpha;
    const made = await asAdmin('POST', '/api/users', {
      name: 'Zoë de Vries',
      email: 'Zoe@Alpha.test',
      role: 'member',
      groupIds: [northId],
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        user: {
          name: 'Zoë de Vries',
          email: 'zoe@alpha.test',
          role: 'member',
          seesAll: false,
          groupIds: [northId],
          disabled: false,
        },
        password: expect.stringMatching(/^\w{4}-\w{4}-\w{4}-\w{4}$/),
      },
    });
    const { key } = await logIn('zoe@alpha.test', made.body.password);
    const trackers = await call(key, 'GET', '/api/trackers');
    expect(trackers.body.items.map((t: { id: number }) => t.id)).toEqual([world.alpha.seenId]);
    expect((await asAdmin('GET', `/api/users/${made.body.user.id}`)).body).toEqual(made.body.user);
    const { items } = (await asAdmin('GET', '/api/users?limit=1000')).body;
    expect(items).toContainEqual(made.body.user);
    expect(JSON.stringify(items)).not.toContain('argon2');
  });

  test('a change leaves what it does not name, and groups are replaced as a whole', async () => {
    const { path, password: _, ...person } = await addPerson({ groupIds: [world.alpha.northId] });
    const renamed = await asAdmin('PATCH', path, { name: 'Åse', seesAll: true });
    const { path: __, ...before } = { path, ...person };
    expect(renamed.body).toEqual({ ...before, name: 'Åse', seesAll: true });
    const changed = await asAdmin('PATCH', path, {
      groupIds: [],
      role: 'readOnly',
      seesAll: false,
    });
    expect(changed.body).toEqual({
      ...before,
      name: 'Åse',
      groupIds: [],
      role: 'readOnly',
    });
    expect((await asAdmin('PATCH', path, {})).body).toEqual(changed.body);
  });

  test('names in any script of up to 200 characters are kept as they are', async () => {
    for (const name of ['مركز التحكم', '👩‍🚒 Brandweer 🚒', 'x'.repeat(200)]) {
      expect((await addPerson({ name })).name).toBe(name);
    }
  });

  test.each([
    ['an over-long name', { name: 'x'.repeat(201) }, '/body/name'],
    ['a blank name', { name: '  ' }, '/body/name'],
    ['an address that is none', { email: 'zoe' }, '/body/email'],
    ['an address with a second header in it', { email: 'z@a.test\nBcc: b@a.test' }, '/body/email'],
    ['an over-long address', { email: `${'x'.repeat(250)}@a.test` }, '/body/email'],
    ['a role there is not', { role: 'root' }, '/body/role'],
    ['a group twice', { groupIds: [1, 1] }, '/body/groupIds'],
  ])('%s is refused', async (_, wrong, path) => {
    const body = { name: 'A', email: 'a@alpha.test', role: 'member', ...wrong };
    const { status, body: problem } = await asAdmin('POST', '/api/users', body);
    expect([status, problem.code, problem.path]).toEqual([400, 'VALIDATION_FAILED', path]);
  });

  test('an address belongs to one person, in any spelling; two askers at once get one', async () => {
    const body = { name: 'Twin', email: 'twin@alpha.test', role: 'member' };
    const replies = await Promise.all([
      asAdmin('POST', '/api/users', body),
      asAdmin('POST', '/api/users', { ...body, email: 'TWIN@alpha.test' }),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409]);
    const refused = replies.find(({ status }) => status === 409);
    expect(refused?.body).toMatchObject({ code: 'EMAIL_TAKEN', path: '/body/email' });
    const atBeta = await call(world.beta.admin.key, 'POST', '/api/users', body);
    expect(atBeta.status).toBe(201);
  });

  test('groups of strangers are refused, and nothing is made or changed', async () => {
    const groupIds = [world.alpha.northId, world.beta.northId];
    const refusal = { code: 'GROUP_NOT_FOUND', path: '/body/groupIds' };
    const made = await asAdmin('POST', '/api/users', {
      name: 'N',
      email: 'nobody@alpha.test',
      role: 'member',
      groupIds,
    });
    expect(made.body).toMatchObject(refusal);
    const { path } = await addPerson();
    const changed = await asAdmin('PATCH', path, { groupIds, name: 'Other' });
    expect(changed.body).toMatchObject(refusal);
    const { items } = (await asAdmin('GET', '/api/users?limit=1000')).body;
    expect(items.map((u: { email: string }) => u.email)).not.toContain('nobody@alpha.test');
    expect(items.map((u: { name: string }) => u.name)).not.toContain('Other');
  });

  test('people of another tenant are nobody', async () => {
    const path = `/api/users/${world.beta.member.userId}`;
    for (const [method, at, body] of [
      ['GET', path],
      ['PATCH', path, { name: 'Mine' }],
      ['PATCH', path, { groupIds: [world.alpha.northId] }],
      ['POST', `${path}/password`],
    ] as const) {
      const reply = await asAdmin(method, at, body);
      expect([reply.status, reply.body.code]).toEqual([404, 'USER_NOT_FOUND']);
    }
    const theirs = await call(world.beta.admin.key, 'GET', path);
    expect(theirs.body.name).toBe(world.beta.member.email);
  });

  test('are the business of administrators; colleagues are known to all who are signed in', async () => {
    for (const person of [world.alpha.operator, world.alpha.member]) {
      expect((await call(person.key, 'GET', '/api/users')).status).toBe(403);
    }
    const left = await addPerson({ name: 'Gone' });
    await asAdmin('PATCH', left.path, { disabled: true });
    const { body } = await call(world.alpha.member.key, 'GET', '/api/colleagues?limit=1000');
    const ids = body.items.map(({ id }: { id: number }) => id);
    expect(ids).toContain(world.alpha.admin.userId);
    expect(ids).toContain(world.alpha.operator.userId);
    expect(ids).not.toContain(world.alpha.member.userId);
    expect(ids).not.toContain(left.id);
    expect(Object.keys(body.items[0])).toEqual(['id', 'name']);
  });
});

describe('administrators', () => {
  test('the last one stays one, and of two that leave at once one stays', async () => {
    const { admin } = world.beta;
    const own = `/api/users/${admin.userId}`;
    const demotion = { role: 'operator' };
    const alone = await call(admin.key, 'PATCH', own, demotion);
    expect([alone.status, alone.body.code]).toEqual([409, 'LAST_ADMINISTRATOR']);

    const second = await call(admin.key, 'POST', '/api/users', {
      name: 'Second',
      email: 'second@beta.test',
      role: 'administrator',
    });
    expect(second.body.user.seesAll).toBe(true);
    const both = await Promise.all([
      call(admin.key, 'PATCH', own, demotion),
      call(admin.key, 'PATCH', `/api/users/${second.body.user.id}`, demotion),
    ]);
    const { rows } = await world.query(
      `select count(*)::int as left from followme.app_user
        where tenant_id = $1 and role = 'administrator' and disabled_at is null`,
      [world.beta.tenantId],
    );
    expect(rows).toEqual([{ left: 1 }]);
    // who was demoted first may also have lost the right to ask
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
    await world.query(`update followme.app_user set role = 'administrator' where id = $1`, [
      admin.userId,
    ]);
  });

  test('do not disable themselves', async () => {
    await addPerson({ role: 'administrator' });
    const own = `/api/users/${world.alpha.admin.userId}`;
    const { status, body } = await asAdmin('PATCH', own, { disabled: true });
    expect([status, body.code, body.path]).toEqual([409, 'LAST_ADMINISTRATOR', '/body/disabled']);
  });
});

describe('who is disabled', () => {
  test('is signed out, sockets are closed, and may come back', async () => {
    const person = await addPerson();
    const { key } = await logIn(person.email, person.password);
    const viewer = await openViewer(url, key);
    const changed = await asAdmin('PATCH', person.path, { disabled: true });
    expect(changed.body.disabled).toBe(true);
    expect(await viewer.closed).toEqual({ code: 1008, reason: 'SESSION_ENDED' });
    expect((await call(key, 'GET', '/api/session')).status).toBe(401);
    expect((await logIn(person.email, person.password)).status).toBe(401);
    await asAdmin('PATCH', person.path, { disabled: false });
    expect((await call(key, 'GET', '/api/session')).status).toBe(401);
    expect((await logIn(person.email, person.password)).status).toBe(200);
  });
});

describe('a temporary password', () => {
  test('takes the place of the old one and ends all sessions and sockets', async () => {
    const person = await addPerson();
    const { key } = await logIn(person.email, person.password);
    const viewer = await openViewer(url, key);
    const reset = await asAdmin('POST', `${person.path}/password`);
    expect(reset.status).toBe(200);
    expect(reset.body.password).not.toBe(person.password);
    expect(await viewer.closed).toEqual({ code: 1008, reason: 'SESSION_ENDED' });
    expect((await logIn(person.email, person.password)).status).toBe(401);
    expect((await logIn(person.email, reset.body.password)).status).toBe(200);
  });
});

describe('one’s own password', () => {
  const next = 'a new one that is long';

  test('is changed by who knows it; the other sessions end, this one stays', async () => {
    const person = await addPerson({ role: 'readOnly' });
    const [here, there] = await Promise.all([
      logIn(person.email, person.password),
      logIn(person.email, person.password),
    ]);
    const viewer = await openViewer(url, there.key);
    const change = { current: person.password, next };
    expect((await call(here.key, 'POST', '/api/session/password', change)).status).toBe(204);
    expect(await viewer.closed).toEqual({ code: 1008, reason: 'SESSION_ENDED' });
    expect((await call(there.key, 'GET', '/api/session')).status).toBe(401);
    expect((await call(here.key, 'GET', '/api/session')).status).toBe(200);
    expect((await logIn(person.email, next)).status).toBe(200);
  });

  test('stays when the present one does not fit, and too many guesses are cut off', async () => {
    const person = await addPerson();
    const { key } = await logIn(person.email, person.password);
    const guess = () =>
      call(key, 'POST', '/api/session/password', { current: 'is it this?', next });
    for (let i = 0; i < FAILURES_PER_ACCOUNT; i += 1) {
      expect((await guess()).body).toMatchObject({ code: 'PASSWORD_WRONG', path: '/body/current' });
    }
    const change = { current: person.password, next };
    const limited = await call(key, 'POST', '/api/session/password', change);
    expect([limited.status, limited.body.code]).toEqual([429, 'TOO_MANY_ATTEMPTS']);
    // the login of the same account from there is closed with it
    expect((await logIn(person.email, person.password)).status).toBe(429);
  });

  test('is at least ten characters', async () => {
    const change = { current: PASSWORD, next: '123456789' };
    const reply = await call(world.alpha.member.key, 'POST', '/api/session/password', change);
    expect(reply.body).toMatchObject({ code: 'VALIDATION_FAILED', path: '/body/next' });
  });
});

describe('where devices report to', () => {
  test('is told to everybody signed in, with the host name they came by', async () => {
    const reply = await call(world.alpha.member.key, 'GET', '/api/device-addresses');
    expect(reply).toEqual({
      status: 200,
      body: {
        host: '127.0.0.1',
        protocols: [{ protocol: 'meitrack', label: 'Meitrack', transport: 'tcp', port: 50_012 }],
      },
    });
  });
});
