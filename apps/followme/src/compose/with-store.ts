/** The store for a command that does one thing and ends, beside a running system or without one. */
import { createLogger, createMetrics, systemClock } from '@followme/platform';
import {
  findEmbeddedServer,
  lockDataFolder,
  migrate,
  openStore,
  startEmbeddedServer,
  StoreError,
  type DataFolderLock,
  type Store,
} from '@followme/store';
import { UsageError } from '../usage-error.ts';
import { hasDatabase } from './data-folder.ts';

interface Place {
  readonly dataFolder: string;
  readonly storeUrl: string | null;
}

/**
 * Runs `work` on the store. With a URL that one; else the embedded server of the data folder: the running
 * system's when there is one, else started for the time of the work and stopped after it.
 */
export async function withStore<T>(place: Place, work: (store: Store) => Promise<T>): Promise<T> {
  if (place.storeUrl !== null) return withUrl(place.storeUrl, work);
  if (!(await hasDatabase(place.dataFolder))) {
    throw new UsageError(
      `There is no data folder of Follow Me at ${place.dataFolder}: name it with --data, or start the system first.`,
    );
  }
  const lock = await lockIfFree(place.dataFolder);
  return lock === null
    ? besideRunning(place.dataFolder, work)
    : alone(place.dataFolder, lock, work);
}

/** Whether a system runs on the data folder now. */
export async function isSystemRunning(dataFolder: string): Promise<boolean> {
  if (!(await hasDatabase(dataFolder))) return false;
  const lock = await lockIfFree(dataFolder);
  await lock?.release();
  return lock === null;
}

async function besideRunning<T>(
  dataFolder: string,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const server = await findEmbeddedServer(dataFolder);
  if (server === null)
    throw new Error(`The system on ${dataFolder} is starting: try again in a moment.`);
  return withUrl(server.url, work);
}

async function alone<T>(
  dataFolder: string,
  lock: DataFolderLock,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  try {
    const deps = { clock: systemClock, logger: createLogger('warn') };
    const server = await startEmbeddedServer({ ...deps, dataFolder });
    try {
      return await withUrl(server.url, work);
    } finally {
      await server.stop();
    }
  } finally {
    await lock.release();
  }
}

async function lockIfFree(dataFolder: string): Promise<DataFolderLock | null> {
  try {
    return await lockDataFolder({ clock: systemClock }, dataFolder);
  } catch (error) {
    if (error instanceof StoreError && error.code === 'FOLDER_IN_USE') return null;
    throw error;
  }
}

async function withUrl<T>(url: string, work: (store: Store) => Promise<T>): Promise<T> {
  await migrate(url);
  const store = await openStore({
    url,
    clock: systemClock,
    logger: createLogger('warn'),
    metrics: createMetrics(),
    poolSize: 2,
  });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
