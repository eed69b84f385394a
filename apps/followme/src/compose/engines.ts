/** The engines of a process: log and store, embedded in the data folder or reached by address. */
import { DEFAULT_LANES } from '@followme/model';
import type { Clock, Lifecycle, Logger, Metrics } from '@followme/platform';
import { createLmdbLog, type Log } from '@followme/log';
import {
  claimLog,
  laneSequences,
  lockDataFolder,
  migrate,
  openStore,
  startEmbeddedServer,
  STREAM_OF_CONSUMER,
  type Store,
} from '@followme/store';
import { ensureDataFolder, logFolder } from './data-folder.ts';

export interface EngineDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
}

export interface Engines {
  readonly log: Log;
  /** For the services that write what devices report. */
  readonly store: Store;
  /** For people and programs: connections of its own, so that no flood of requests starves a commit. */
  readonly clientStore: Store;
  /** The version of the database that this release expects and the database has. */
  readonly schemaVersion: number;
}

/**
 * Locks the data folder, starts what is embedded and brings the database up to date. Everything is
 * registered with the lifecycle, so a failure half-way is cleaned up by stopping it.
 * @throws Error with one sentence for people: folder in use, database too new, login unfit, log and database
 * that do not belong together, …
 */
export async function startEngines(
  deps: EngineDeps,
  options: { readonly dataFolder: string; readonly storeUrl: string | null },
): Promise<Engines> {
  await ensureDataFolder(options.dataFolder);
  const lock = await lockDataFolder(deps, options.dataFolder);
  deps.lifecycle.add('data folder', { stop: () => lock.release() });
  // both come to an end before either failure is told, so that what started is stopped
  const [log, stores] = await Promise.allSettled([
    startLog(deps, options.dataFolder),
    startStores(deps, options.dataFolder, options.storeUrl),
  ]);
  if (log.status === 'rejected') throw log.reason;
  if (stores.status === 'rejected') throw stores.reason;
  const engines = { log: log.value, ...stores.value };
  await requireTogether(engines, options.dataFolder);
  return engines;
}

/**
 * Offsets in the database are places in one log. In another log, or in one that ends before them, they would
 * skip what comes next without a sign: better not to start.
 */
async function requireTogether({ log, store }: Engines, dataFolder: string): Promise<void> {
  const path = logFolder(dataFolder);
  const { claimed, offsets } = await store.asSystem(async (system) => ({
    claimed: await claimLog(system, log.identity),
    offsets: await laneSequences(system),
  }));
  if (claimed !== log.identity) {
    throw new Error(
      `The database belongs to the log ${claimed}, and the log in ${path} is ${log.identity}: start with ` +
        'the data folder whose log this database was used with, or with the database of this folder.',
    );
  }
  for (const { consumer, lane, committedSequence } of offsets) {
    const stream = STREAM_OF_CONSUMER[consumer];
    if (stream === null) continue;
    const last = lane < log.lanes(stream) ? (await log.bounds(stream, lane)).last : 0;
    if (committedSequence <= last) continue;
    throw new Error(
      `The log in ${path} ends before what the database has committed (lane ${lane} ends at ${last}, the ` +
        `reader "${consumer}" was at ${committedSequence}): it is an older copy, so put back the newest log folder of ` +
        'this installation, or a backup of the database that is not newer than this log.',
    );
  }
}

async function startLog(deps: EngineDeps, dataFolder: string): Promise<Log> {
  const log = await createLmdbLog({
    ...deps,
    path: logFolder(dataFolder),
    lanes: { positions: DEFAULT_LANES, events: DEFAULT_LANES },
  });
  deps.lifecycle.add('log', { stop: () => log.close() });
  return log;
}

async function startStores(
  deps: EngineDeps,
  dataFolder: string,
  storeUrl: string | null,
): Promise<Omit<Engines, 'log'>> {
  const url = storeUrl ?? (await startDatabase(deps, dataFolder));
  const { version: schemaVersion } = await migrate(url);
  const open = async (name: string): Promise<Store> => {
    const store = await openStore({ ...deps, url, applicationName: `followme ${name}` });
    deps.lifecycle.add(`store of ${name}`, { stop: () => store.close() });
    return store;
  };
  return { store: await open('services'), clientStore: await open('client'), schemaVersion };
}

async function startDatabase(deps: EngineDeps, dataFolder: string): Promise<string> {
  const server = await startEmbeddedServer({ ...deps, dataFolder });
  deps.lifecycle.add('database server', server);
  return server.url;
}
