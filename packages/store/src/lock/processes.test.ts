import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { listProcesses, lookAtProcess, thisRealm } from './processes.ts';

/** Longest pid plus one: never given out. */
const NO_PID = 2 ** 22 + 1;

describe('a process id', () => {
  test('of a living process tells its start and its command line', async () => {
    const child = spawn('sleep', ['54.321'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const first = await lookAtProcess(child.pid ?? 0);
    expect(first?.command).toBe('sleep 54.321');
    expect(first?.start).not.toBe('');
    expect(await lookAtProcess(child.pid ?? 0)).toEqual(first);
    expect((await listProcesses()).find(({ pid }) => pid === child.pid)).toEqual(first);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await lookAtProcess(child.pid ?? 0)).toBeNull();
  });

  test('nobody has is nobody', async () => {
    expect(await lookAtProcess(NO_PID)).toBeNull();
  });

  test('of a zombie is nobody, though it still answers signals', async () => {
    // the shell starts a child, then becomes a program that never waits for it
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]; // what 'data' of a byte stream carries
    const zombie = Number(line.toString());
    await expect.poll(() => lookAtProcess(zombie), { timeout: 5000 }).toBeNull();
    expect(process.kill(zombie, 0)).toBe(true);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
  });
});

test('two looks at the realm of this process are the same', async () => {
  expect(await thisRealm()).toEqual(await thisRealm());
});
