/** The engines of a process: log and store, embedded in the data folder or reached by address. */
import { DEFAULT_LANES } from '@followme/model';
import {
  createJetStreamLog,
  createLmdbLog,
  describeJetStreamAddress,
  parseJetStreamAddress,
  type Log,
} from '@followme/log';
import {
  createRandom,
  randomToken,
  type Clock,
  type Lifecycle,
  type Logger,
  type Metrics,
} from '@followme/platform';
import {
  lockDataFolder,
  migrate,
  openStore,
  poolSizesOf,
  startEmbeddedServer,
  type Ownership,
  type Store,
  type PoolSizes,
} from '@followme/store';
import type { Refusal } from '../exit-code.ts';
import { ROLES, type Role } from '../settings.ts';
import { ensureDataFolder, logFolder } from './data-folder.ts';
import { whyNotTogether } from './log-claim.ts';
import { lookUntilSure } from './log-watch.ts';

/** What engines are started with. */
export interface EngineDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
}

/** Where the engines are. */
export interface EnginePlaces {
  /** Folder of what is embedded; nothing is made in it when both engines are reached by address. */
  readonly dataFolder: string;
  readonly storeUrl: string | null;
  /** Never without `storeUrl`. */
  readonly logUrl: string | null;
  /** What the process does: how many connections it may hold follows from that. All roles unless told. */
  readonly roles?: ReadonlySet<Role>;
}

/** Engines that run; the lifecycle they were given stops them. */
export interface Engines {
  readonly log: Log;
  /** Where the log is, for people: a folder, or servers without their login. */
  readonly logPlace: string;
  /** For the services that write what devices report. */
  readonly store: Store;
  /** For people and programs: connections of its own, so that no flood of requests starves a commit. */
  readonly clientStore: Store;
  /** The version of the database that this release expects and the database has. */
  readonly schemaVersion: number;
  /** Whether this process is the only one on its log. */
  readonly ownership: Ownership;
}

/** How long a process that is not heard of keeps its lanes, ms: see docs/decisions/0021. */
const LEASE_MS = 3_000;
/** Records of both streams are spread over as many lanes. */
const LANES = { positions: DEFAULT_LANES, events: DEFAULT_LANES };

/**
 * Starts what is embedded, on a locked data folder, reaches what is not, and brings the database up to date.
 * Everything is registered with the lifecycle, so a failure half-way is cleaned up by stopping it.
 * @throws Error with one sentence for people: folder in use, engine not reachable, database too new, login unfit, log
 * and database that do not belong together, …
 */
export async function startEngines(deps: EngineDeps, places: EnginePlaces): Promise<Engines> {
  const isOnly = places.logUrl === null;
  if (isOnly) await takeDataFolder(deps, places.dataFolder);
  // both come to an end before either failure is told, so that what started is stopped
  const [log, stores] = await Promise.allSettled([
    startLog(deps, places),
    startStores(deps, places),
  ]);
  if (log.status === 'rejected') throw log.reason;
  if (stores.status === 'rejected') throw stores.reason;
  const engines: Engines = {
    log: log.value,
    logPlace: logPlaceOf(places),
    ...stores.value,
    ownership: isOnly ? { kind: 'single' } : { kind: 'leased', leaseMs: LEASE_MS },
  };
  const look = (): Promise<Refusal | null> => whyNotTogether(engines, 'allLanes');
  // what lies in the data folder is all there; servers may still be on their way to the end of the log
  const refusal = isOnly ? await look() : await lookUntilSure({ ...deps, look });
  if (refusal !== null) throw refusal;
  return engines;
}

/** The lock of the data folder makes this process the only one on the embedded engines. */
async function takeDataFolder(deps: EngineDeps, dataFolder: string): Promise<void> {
  await ensureDataFolder(dataFolder);
  const lock = await lockDataFolder(deps, dataFolder);
  deps.lifecycle.add('data folder', { stop: () => lock.release() });
}

/** Where the log is, without the login in its address. */
function logPlaceOf({ logUrl, dataFolder }: EnginePlaces): string {
  const parsed = logUrl === null ? null : parseJetStreamAddress(logUrl);
  return parsed?.ok === true ? describeJetStreamAddress(parsed.value) : logFolder(dataFolder);
}

async function startLog(deps: EngineDeps, { dataFolder, logUrl }: EnginePlaces): Promise<Log> {
  const random = createRandom(randomToken(16));
  const log =
    logUrl === null
      ? await createLmdbLog({ ...deps, path: logFolder(dataFolder), lanes: LANES })
      : await createJetStreamLog({ ...deps, random, url: logUrl, lanes: LANES });
  deps.lifecycle.add('log', { stop: () => log.close() });
  return log;
}

async function startStores(
  deps: EngineDeps,
  { dataFolder, storeUrl, roles }: EnginePlaces,
): Promise<Pick<Engines, 'store' | 'clientStore' | 'schemaVersion'>> {
  const url = storeUrl ?? (await startDatabase(deps, dataFolder));
  const { version: schemaVersion } = await migrate(url);
  const sizes = poolSizesOf(roles ?? new Set(ROLES));
  const open = async (name: keyof PoolSizes): Promise<Store> => {
    const options = { applicationName: `followme ${name}`, poolSize: sizes[name] };
    const store = await openStore({ ...deps, url, ...options });
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
