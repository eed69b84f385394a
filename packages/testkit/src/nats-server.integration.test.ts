import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startNatsCluster } from './nats-cluster.ts';
import { isAtLeast, NATS_MISSING, natsProgram } from './nats-program.ts';
import { startNats } from './nats-server.ts';

const missing = natsProgram() === null;
const title = (rule: string): string => (missing ? `${rule} (skipped: ${NATS_MISSING})` : rule);

test('versions compare by number, not by text', () => {
  expect([
    isAtLeast('2.10.0', '2.9.10'),
    isAtLeast('2.9.10', '2.9.10'),
    isAtLeast('2.9.9', '2.9.10'),
    isAtLeast('3.0.0', '2.12.1'),
  ]).toEqual([true, true, false, true]);
});

test.skipIf(missing)(
  title('a server is killed and comes back on its port, and leaves nothing when it is stopped'),
  async () => {
    const nats = await startNats();
    const look = async (): Promise<number> => (await fetch(`${nats.monitorUrl}/healthz`)).status;
    const first = nats.pid();
    expect(await look()).toBe(200);
    await nats.kill();
    await expect(look()).rejects.toThrow('fetch failed');
    await nats.restart();
    expect(await look()).toBe(200);
    expect(nats.pid()).not.toBe(first);
    await nats.stop();
    expect([nats.isRunning(), existsSync(nats.folder)]).toEqual([false, false]);
  },
);

test.skipIf(missing)(
  title('a configuration the server refuses is told with its words'),
  async () => {
    await expect(startNats({ moreConfig: 'nonsense { ' })).rejects.toThrow(/parse error/i);
  },
);

test.skipIf(missing)(
  title('three servers form a cluster, and go on as two when one is killed'),
  async () => {
    const cluster = await startNatsCluster();
    await cluster.members[0]?.kill();
    await cluster.healthy();
    expect(cluster.members.map((member) => member.isRunning())).toEqual([false, true, true]);
    await cluster.stop();
  },
);
