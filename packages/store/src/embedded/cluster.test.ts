import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clusterName, lookAtServer, readPidFile } from './cluster.ts';

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'followme-cluster-'));
});
afterEach(() => rm(data, { recursive: true }));

describe('postmaster.pid', () => {
  const write = (text: string): Promise<void> => writeFile(join(data, 'postmaster.pid'), text);

  test('names process, port and state of the server', async () => {
    await write('4711\n/proc/self/cwd\n1795363826\n54999\n\n127.0.0.1\n 16039977  4\nready   \n');
    expect(await readPidFile(data)).toEqual({ pid: 4711, port: 54999, status: 'ready' });
  });

  test('says nothing when it is missing, empty or half written', async () => {
    expect(await readPidFile(data)).toBeNull();
    await write('');
    expect(await readPidFile(data)).toBeNull();
    await write('4711\n/proc/self/cwd\n');
    expect(await readPidFile(data)).toBeNull();
  });
});

test('a process that does not carry the name of the cluster is not its server', async () => {
  expect(await lookAtServer(await clusterName(data), process.pid)).toBeNull();
});
