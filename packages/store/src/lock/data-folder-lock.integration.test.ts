import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@followme/platform';
import { createFakeClock, waitUntil } from '@followme/testkit';
import { open } from 'lmdb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockDataFolder } from './data-folder-lock.ts';
import { lookAtProcess, thisRealm } from './processes.ts';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));
const deps = { clock: systemClock };
/** Takes the lock of the folder it is given, says how that went, stays. */
const HOLDER = `
  import { lockDataFolder } from '@followme/store';
  import { systemClock } from '@followme/platform';
  process.stdin.once('data', async () => {
    try {
      await lockDataFolder({ clock: systemClock }, process.argv[1]);
      console.log('held');
    } catch (error) {
      console.log(error.code);
    }
    setInterval(() => undefined, 1000);
  });
  console.log('ready');`;

let folder: string;
let children: Starter[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'followme-lock-'));
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map((one) => one.kill()));
  await rm(folder, { recursive: true });
});

interface Starter {
  readonly pid: number;
  /** Lets it try, and answers 'held' or the code of the refusal. */
  go(): Promise<string>;
  kill(): Promise<void>;
}

async function nextLine(child: ChildProcess): Promise<string> {
  const [chunk] = child.stdout === null ? [] : await once(child.stdout, 'data');
  return String(chunk).trim();
}

async function starter(): Promise<Starter> {
  const loader = ['--conditions=source', '--import', 'tsx', '--input-type=module'];
  const child = spawn(process.execPath, [...loader, '-e', HOLDER, folder], {
    cwd: PACKAGE,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  expect(await nextLine(child)).toBe('ready');
  const one: Starter = {
    pid: child.pid ?? 0,
    go() {
      child.stdin.write('go\n');
      return nextLine(child);
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
  children.push(one);
  return one;
}

/** Leaves a record as a holder would have. */
async function leaveRecord(record: object): Promise<void> {
  const path = join(folder, 'lock');
  await mkdir(path, { recursive: true });
  const database = open<object, string>({ path, mapSize: 1 << 20, encoding: 'json' });
  await database.put('holder', record);
  await database.close();
}

describe('the lock of a data folder', () => {
  test('refuses a second process with one sentence that names the first', async () => {
    const first = await starter();
    expect(await first.go()).toBe('held');
    await expect(lockDataFolder(deps, folder)).rejects.toMatchObject({
      code: 'FOLDER_IN_USE',
      message: `The data folder ${folder} is in use by process ${first.pid}; stop it or choose another folder.`,
    });
  });

  test('refuses the same process a second time', async () => {
    const lock = await lockDataFolder(deps, folder);
    await expect(lockDataFolder(deps, folder)).rejects.toMatchObject({ code: 'FOLDER_IN_USE' });
    await lock.release();
  });

  test('is free after a release, and releasing twice does not free the next holder', async () => {
    const first = await lockDataFolder(deps, folder);
    await first.release();
    const second = await lockDataFolder(deps, folder);
    await first.release();
    await expect(lockDataFolder(deps, folder)).rejects.toMatchObject({ code: 'FOLDER_IN_USE' });
    await second.release();
  });

  test('is free at once after kill -9 of its holder', async () => {
    const first = await starter();
    expect(await first.go()).toBe('held');
    await first.kill();
    // a clock that stands still: nothing was waited for
    const lock = await lockDataFolder({ clock: createFakeClock() }, folder);
    await lock.release();
  });

  test('goes to exactly one of several starters that find it stale', async () => {
    const dead = await starter();
    const starters = await Promise.all([1, 2, 3].map(starter));
    expect(await dead.go()).toBe('held');
    await dead.kill();
    const outcomes = await Promise.all(starters.map((one) => one.go()));
    expect(outcomes.sort()).toEqual(['FOLDER_IN_USE', 'FOLDER_IN_USE', 'held']);
  });

  test('goes to one of those who have all seen that it is stale before one takes it', async () => {
    await leaveRecord({ pid: process.pid, start: 'long ago', ...(await thisRealm()) });
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => lockDataFolder(deps, folder)));
    const locks = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(locks).toHaveLength(1);
    await locks[0]?.release();
  });

  test('is not held by a process that was given the pid of a dead holder', async () => {
    const me = await lookAtProcess(process.pid);
    const realm = await thisRealm();
    await leaveRecord({ pid: process.pid, start: `${me?.start}0`, ...realm });
    const lock = await lockDataFolder(deps, folder);
    await lock.release();
  });

  test('is not held from before the machine was started again', async () => {
    const me = await lookAtProcess(process.pid);
    const realm = await thisRealm();
    await leaveRecord({ pid: process.pid, start: me?.start, ...realm, boot: 'an earlier one' });
    const lock = await lockDataFolder(deps, folder);
    await lock.release();
  });

  describe('of a holder in another container', () => {
    const alive = (): string => join(folder, 'lock', 'alive');

    beforeEach(async () => {
      await leaveRecord({ pid: 1, start: '1', ...(await thisRealm()), namespace: 'pid:[1]' });
      await writeFile(alive(), '');
    });

    test('is refused while that one gives signs of life', async () => {
      const clock = createFakeClock();
      const refused = expect(lockDataFolder({ clock }, folder)).rejects.toMatchObject({
        code: 'FOLDER_IN_USE',
      });
      await waitUntil(() => clock.waiting() > 0, 5000);
      await utimes(alive(), 1, 1);
      await clock.advance(250);
      await refused;
    });

    test('is free when that one has been silent for five seconds', async () => {
      const clock = createFakeClock();
      const taken = lockDataFolder({ clock }, folder);
      for (let waitedMs = 0; waitedMs < 5000; waitedMs += 250) {
        await waitUntil(() => clock.waiting() > 0, 5000);
        await clock.advance(250);
      }
      await (await taken).release();
    });
  });
});
