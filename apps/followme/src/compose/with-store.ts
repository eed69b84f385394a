/** The store for a command that does one thing and ends, beside a running system or without one. */
import { createLogger, createMetrics, systemClock } from '@followme/platform';
import {
  findEmbeddedServer,
  lockDataFolder,
  migrate,
  openStore,
  schemaVersions,
  startEmbeddedServer,
  StoreError,
  type DataFolderLock,
  type SchemaVersions,
  type Store,
} from '@followme/store';
import { UsageError } from '../usage-error.ts';
import { hasDatabase } from './data-folder.ts';

interface Place {
  readonly dataFolder: string;
  readonly storeUrl: string | null;
}

/**
 * Runs `work` on the store, which is brought up to date for it. With a URL that one; else the embedded server of the
 * data folder: the running system's when there is one, else started for the time of the work and stopped after it.
 */
export function withStore<T>(place: Place, work: (store: Store) => Promise<T>): Promise<T> {
  return withAddress(place, async (url) => {
    await migrate(url);
    return withOpenStore(url, work);
  });
}

/**
 * The same without changing the database: `work` gets null when it is not in the form this release works with, and the
 * versions say why.
 */
export function lookIntoStore<T>(
  place: Place,
  work: (store: Store | null, versions: SchemaVersions) => Promise<T>,
): Promise<T> {
  return withAddress(place, async (url) => {
    const versions = await schemaVersions(url);
    if (versions.present !== versions.ours) return work(null, versions);
    return withOpenStore(url, (store) => work(store, versions));
  });
}

async function withAddress<T>(place: Place, work: (url: string) => Promise<T>): Promise<T> {
  if (place.storeUrl !== null) return work(place.storeUrl);
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

async function besideRunning<T>(dataFolder: string, work: (url: string) => Promise<T>): Promise<T> {
  const server = await findEmbeddedServer(dataFolder);
  if (server === null)
    throw new Error(`The system on ${dataFolder} is starting: try again in a moment.`);
  return work(server.url);
}

async function alone<T>(
  dataFolder: string,
  lock: DataFolderLock,
  work: (url: string) => Promise<T>,
): Promise<T> {
  try {
    const deps = { clock: systemClock, logger: createLogger('warn') };
    const server = await startEmbeddedServer({ ...deps, dataFolder });
    try {
      return await work(server.url);
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

async function withOpenStore<T>(url: string, work: (store: Store) => Promise<T>): Promise<T> {
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
