/**
 * The scaled-out installation as it is run: two processes of each kind on one NATS and one PostgreSQL. It does what
 * one process does, and goes on doing it while processes are replaced and killed.
 */
import { readdir, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import path from 'node:path';
import { NATS_MISSING, natsProgram } from '@followme/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createCluster,
  crossings,
  INSIDE,
  OUTSIDE,
  untilTold,
  type Cluster,
} from '../support/cluster.ts';
import {
  BUILT_PROGRAM,
  refusedStart,
  type Role,
  type RunningProcess,
} from '../support/processes.ts';

const CALLERS = 4;
/** As long as a load balancer takes to look elsewhere; ours looks ten times a second. */
const LEAVING = { args: ['--drain-delay', '1'] } as const;

let cluster: Cluster;

describe.skipIf(natsProgram() === null)(`a cluster (skipped when ${NATS_MISSING})`, () => {
  beforeAll(async () => {
    cluster = await createCluster();
    // all at once, on engines that hold nothing
    const roles: readonly Role[] = ['tracker', 'tracker', 'geofence', 'geofence', 'notification'];
    await Promise.all([
      ...roles.map((role) => cluster.start(role)),
      cluster.start('client', LEAVING),
      cluster.start('client', LEAVING),
    ]);
  });
  afterAll(() => cluster.end());

  test('processes that start together make one login, and it opens every process', async () => {
    expect(cluster.login().email).toBe('admin@followme.local');
    for (const client of cluster.of('client')) {
      expect((await cluster.signIn(client)).sessionKey).not.toBe('');
    }
  });

  test('a device reports to either tracker; what it does is recorded, judged and told once', async () => {
    const [a = cluster.firstOf('tracker'), b = a] = cluster.of('tracker');
    await cluster.makeWorld(await cluster.signIn(cluster.firstOf('client')));
    const watching = await Promise.all(cluster.of('client').map((client) => cluster.view(client)));
    await cluster.report(a, OUTSIDE);
    await cluster.report(b, INSIDE);
    await cluster.report(a, INSIDE);
    for (const viewer of watching) await untilTold(viewer, 'enter', 1);
    await cluster.untilCounted({ positions: 3, events: 1, alerts: 1 });
    expect(watching.map((viewer) => crossings(viewer, 'enter'))).toEqual([1, 1]);
    expect(await cluster.counts()).toEqual({ positions: 3, events: 1, alerts: 1 });
  });

  test('every client is replaced while people call, and no request of theirs fails', async () => {
    const { sessionKey } = await cluster.signIn(cluster.firstOf('client'));
    const callers = Array.from({ length: CALLERS }, () => startCaller(sessionKey));
    for (const old of cluster.of('client')) {
      await cluster.start('client', LEAVING);
      expect(await cluster.stop(old)).toBe(0);
    }
    const calls = await Promise.all(callers.map((caller) => caller.end()));
    for (const { statuses, failures } of calls) {
      expect(failures).toEqual([]);
      expect([...statuses.keys()]).toEqual([200]);
      expect(statuses.get(200) ?? 0).toBeGreaterThan(20);
    }
  });

  test('one of each is killed; the others go on', async () => {
    const [, surviving = cluster.firstOf('client')] = cluster.of('client');
    const viewer = await cluster.view(surviving);
    const roles: readonly Role[] = ['tracker', 'geofence', 'notification', 'client'];
    await Promise.all(roles.map((role) => cluster.kill(cluster.firstOf(role))));
    await cluster.start('notification');
    await cluster.report(cluster.firstOf('tracker'), OUTSIDE);
    await untilTold(viewer, 'exit', 1);
    await cluster.untilCounted({ positions: 4, events: 2, alerts: 2 });
    expect(await cluster.counts()).toEqual({ positions: 4, events: 2, alerts: 2 });
  });

  test('SIGTERM ends every process well', async () => {
    const all: readonly Role[] = ['tracker', 'geofence', 'notification', 'client'];
    const processes = all.flatMap((role) => cluster.of(role));
    const codes = await Promise.all(processes.map((process) => cluster.stop(process)));
    expect(codes).toEqual([0, 0, 0, 0]);
  });

  test('a log that was lost and made anew is refused, and ends who has it open', async () => {
    const { nats, postgres } = cluster;
    const geofence = await cluster.start('geofence');
    await nats.kill();
    await rm(await folderOf(nats.folder, 'followme-positions'), { recursive: true });
    await nats.restart();
    // whoever starts first makes the stream that is missing, and is refused since the database knows another
    const late = await refusedStart({
      roles: ['tracker'],
      log: nats.url,
      store: postgres.url,
      program: BUILT_PROGRAM,
    });
    expect(late.exitCode).toBe(65);
    expect(late.output.trim()).toMatch(
      /^The database belongs to the log \S+, and the log in nats:.*\.$/,
    );
    expect(await geofence.ended).toBe(65);
    expect(geofence.output()).toMatch(/^The log in nats:.* is not the one it was/m);
  });
});

/** The folder of that name somewhere below another. */
async function folderOf(root: string, name: string): Promise<string> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const found = entries.find((entry) => entry.isDirectory() && entry.name === name);
  if (found === undefined) throw new Error(`There is no ${name} below ${root}`);
  return path.join(found.parentPath, name);
}

interface Calls {
  readonly statuses: ReadonlyMap<number, number>;
  readonly failures: readonly string[];
}

/**
 * Somebody who calls all the time over connections that stay open, through what a load balancer does: one of the
 * processes that said they were ready when last asked.
 */
function startCaller(sessionKey: string): { end(): Promise<Calls> } {
  const agent = new Agent({ keepAlive: true, maxSockets: 2 });
  const statuses = new Map<number, number>();
  const failures: string[] = [];
  let isEnding = false;
  let ready: readonly RunningProcess[] = cluster.of('client');
  const look = setInterval(() => {
    const clients = cluster.of('client');
    void Promise.all(clients.map((client) => client.isReady())).then((answers) => {
      ready = clients.filter((_, index) => answers[index]);
    });
  }, 100);
  const call = (url: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${sessionKey}` };
      const asked = request(`${url}/api/session`, { agent, headers }, (answer) => {
        answer.resume();
        answer.once('end', () => resolve(answer.statusCode ?? 0));
        answer.once('error', reject);
      });
      asked.once('error', reject);
      asked.end();
    });
  const run = async (): Promise<void> => {
    for (let turn = 0; !isEnding; turn += 1) {
      const target = ready[turn % Math.max(ready.length, 1)];
      try {
        const status = await call(target?.url ?? 'http://127.0.0.1:1');
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      } catch (error) {
        failures.push(String(error));
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const running = run();
  return {
    async end() {
      isEnding = true;
      await running;
      clearInterval(look);
      agent.destroy();
      return { statuses, failures };
    },
  };
}
