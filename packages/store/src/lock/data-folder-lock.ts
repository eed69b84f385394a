/**
 * One process per data folder. The holder's identity {pid, start time, boot, pid namespace} is a record in a
 * tiny LMDB environment in `<data>/lock`; it is changed by compare-and-set inside an LMDB write transaction,
 * which is a mutex across processes that the system frees when its holder dies. So a lock is free the moment
 * its holder is gone, a pid given to another process holds nothing, and of two starters that find the same
 * stale record one wins and the other sees it.
 *
 * Only a holder in another pid namespace (another container on the same folder) cannot be looked at. It shows
 * that it lives by touching `<data>/lock/alive` every second.
 */
import { mkdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@followme/platform';
import { open } from 'lmdb';
import { StoreError } from '../connect/store-error.ts';
import { lookAtProcess, thisRealm, type ProcessRealm } from './processes.ts';

interface LockRecord extends ProcessRealm {
  readonly pid: number;
  readonly start: string;
}

/** The held lock of a data folder. */
export interface DataFolderLock {
  /** Lets the folder go. Calling it twice is harmless. */
  release(): Promise<void>;
}

const KEY = 'holder';
const TOUCH_EVERY_MS = 1000;
/** How long a holder that cannot be looked at may stay silent before it counts as gone. */
const SILENCE_MS = 5000;
const LOOK_EVERY_MS = 250;

async function withRecords<T>(
  folder: string,
  work: (records: {
    read: () => LockRecord | null;
    swap: (expected: LockRecord | null, next: LockRecord | null) => boolean;
  }) => Promise<T>,
): Promise<T> {
  const database = open<LockRecord, string>({ path: folder, mapSize: 1 << 20, encoding: 'json' });
  // a read inside a write transaction sees the newest commit, not a snapshot taken earlier
  const read = () => database.transactionSync(() => database.get(KEY) ?? null);
  const same = (a: LockRecord | null, b: LockRecord | null) =>
    a?.pid === b?.pid && a?.start === b?.start && a?.boot === b?.boot;
  try {
    return await work({
      read,
      swap: (expected, next) =>
        database.transactionSync(() => {
          if (!same(database.get(KEY) ?? null, expected)) return false;
          if (next === null) database.removeSync(KEY);
          else database.putSync(KEY, next);
          return true;
        }),
    });
  } finally {
    await database.close();
  }
}

async function lastTouchMs(alive: string): Promise<number> {
  return (await stat(alive).catch(() => null))?.mtimeMs ?? 0;
}

/** Whether a file is touched within `SILENCE_MS`. */
async function isTouched(clock: Clock, alive: string): Promise<boolean> {
  const before = await lastTouchMs(alive);
  for (let waitedMs = 0; waitedMs < SILENCE_MS; waitedMs += LOOK_EVERY_MS) {
    await clock.sleep(LOOK_EVERY_MS);
    if ((await lastTouchMs(alive)) !== before) return true;
  }
  return false;
}

async function isHeld(
  deps: { clock: Clock; alive: string },
  holder: LockRecord,
  here: ProcessRealm,
): Promise<boolean> {
  if (holder.boot !== here.boot) return false;
  if (holder.namespace !== here.namespace) return isTouched(deps.clock, deps.alive);
  return (await lookAtProcess(holder.pid))?.start === holder.start;
}

async function thisProcess(): Promise<LockRecord> {
  const me = await lookAtProcess(process.pid);
  if (me === null) throw new Error(`This process (${process.pid}) cannot see itself`);
  return { pid: me.pid, start: me.start, ...(await thisRealm()) };
}

/**
 * Takes the lock of a data folder, made when missing (mode 0700).
 * @throws StoreError `FOLDER_IN_USE` naming the pid of the process that holds it.
 */
export async function lockDataFolder(
  deps: { readonly clock: Clock },
  dataFolder: string,
): Promise<DataFolderLock> {
  const folder = join(dataFolder, 'lock');
  const alive = join(folder, 'alive');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const me = await thisProcess();
  await withRecords(folder, async ({ read, swap }) => {
    for (;;) {
      const holder = read();
      if (holder !== null && (await isHeld({ clock: deps.clock, alive }, holder, me))) {
        throw new StoreError(
          'FOLDER_IN_USE',
          `The data folder ${dataFolder} is in use by process ${holder.pid}; stop it or choose another folder.`,
        );
      }
      if (swap(holder, me)) return;
    }
  });
  await writeFile(alive, '');
  const stopTouching = deps.clock.every(TOUCH_EVERY_MS, () => {
    const now = deps.clock.nowMs() / 1000;
    // a folder that was removed under us has nobody left to tell
    utimes(alive, now, now).catch(() => undefined);
  });
  let held = true;
  return {
    async release() {
      if (!held) return;
      held = false;
      stopTouching();
      await withRecords(folder, ({ swap }) => Promise.resolve(swap(me, null)));
    },
  };
}
