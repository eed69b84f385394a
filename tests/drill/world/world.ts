/**
 * One installation under test: engines, our processes in their slots, links between them, load, viewers and what is
 * expected of it all.
 *
 * - `embedded`: one process with every role and the embedded log.
 * - `one`: several processes per role, one nats-server.
 * - `three`: the same with a cluster of three nats-servers, each on a machine of its own.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createJetStreamLog, type Log } from '@followme/log';
import { DEFAULT_LANES } from '@followme/model';
import { createMetrics, createRandom, silentLogger, systemClock } from '@followme/platform';
import {
  startNats,
  startNatsCluster,
  waitUntil,
  type TestNats,
  type TestNatsCluster,
} from '@followme/testkit';
import type { Role } from '../../support/processes.ts';
import { makeMachines, type MachineRoom } from '../engines/namespaces.ts';
import { startDrillPostgres, type DrillPostgres } from '../engines/postgres.ts';
import { startLoad, type Load } from '../load/loads.ts';
import type { LoadPlan } from '../load/messages.ts';
import { openTables, type Tables } from '../oracle/tables.ts';
import { startProxies, type Proxies } from '../proxy/proxies.ts';
import { startWatchers, type Watchers } from '../viewers/watchers.ts';
import { startHook, type Hook } from './hook.ts';
import { seed, type Seeded } from './seed.ts';
import { linkNames, Slot } from './slot.ts';

export type WorldKind = 'embedded' | 'one' | 'three';

export interface WorldPlan {
  readonly kind: WorldKind;
  readonly seed: string;
  /** Trackers of the fleet; each makes a fix a second. */
  readonly trackers: number;
  /** The product's program; null: from its source. */
  readonly program: readonly string[] | null;
  /** The nats-server to run; that of the machine when null. */
  readonly natsProgram: string | null;
  readonly logLevel: string;
  readonly say: (line: string) => void;
}

/** Who runs how often. */
const CREW: readonly (readonly [role: Role, count: number])[] = [
  ['tracker', 2],
  ['geofence', 2],
  ['notification', 2],
  ['client', 2],
];
const ALL_ROLES: readonly Role[] = CREW.map(([role]) => role);
const READY_LIMIT_MS = 60_000;
/** Names of the two who watch. */
export const VIEWERS = ['viewer 1', 'viewer 2'] as const;

export interface World {
  readonly plan: WorldPlan;
  readonly postgres: DrillPostgres;
  /** None with the embedded log. */
  readonly nats: readonly TestNats[];
  /** Waits until the cluster is whole; nothing to wait for without one. */
  natsHealthy(): Promise<void>;
  /** Of a cluster. */
  readonly room: MachineRoom | null;
  /** Opens the log past all links; null when only the process itself can. */
  readonly openLog: (() => Promise<Log>) | null;
  readonly proxies: Proxies;
  readonly slots: readonly Slot[];
  slotsOf(role: Role): readonly Slot[];
  readonly loads: readonly Load[];
  addLoad(plan: LoadPlan): Promise<Load>;
  /** Ends all generators but that of the fleet. */
  dropLoads(): Promise<void>;
  readonly watchers: Watchers;
  readonly tables: Tables;
  readonly seeded: Seeded;
  readonly hook: Hook;
  /** Web addresses of the client processes that run. */
  webUrls(): readonly string[];
  /** Tells viewers where client processes are now. */
  tellViewers(): Promise<void>;
  close(): Promise<void>;
}

type CleanUps = (() => unknown)[];

/** Starts everything and waits until load can begin. */
export async function openWorld(plan: WorldPlan): Promise<World> {
  const cleanUps: CleanUps = [];
  const close = async (): Promise<void> => {
    for (const cleanUp of cleanUps.splice(0).toReversed()) {
      try {
        await cleanUp();
      } catch (error) {
        plan.say(`cleaning up: ${String(error)}`);
      }
    }
  };
  try {
    return await build(plan, { cleanUps, close });
  } catch (error) {
    await close();
    throw error;
  }
}

async function build(
  plan: WorldPlan,
  { cleanUps, close }: { readonly cleanUps: CleanUps; readonly close: () => Promise<void> },
): Promise<World> {
  const folder = await mkdtemp(path.join(tmpdir(), 'followme-drill-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  plan.say(`starting engines (${plan.kind})`);
  const postgres = await startDrillPostgres(folder);
  cleanUps.push(() => postgres.stop());
  const log = await startLogEngine(plan, cleanUps);
  const hook = await startHook();
  cleanUps.push(() => hook.close());
  const seeded = await seed(postgres.url, { trackers: plan.trackers, webhookUrl: hook.url });
  const proxies = await startProxies();
  cleanUps.push(() => proxies.end());
  const { slots, devicePorts } = await startCrew({
    plan,
    folder,
    postgres,
    log,
    proxies,
    cleanUps,
  });
  const tables = openTables(postgres.adminUrl);
  const areTold = (): Promise<boolean> => tables.areFencesTold(DEFAULT_LANES);
  await waitUntil(areTold, READY_LIMIT_MS, 'fences in every lane').catch((error: unknown) => {
    for (const slot of slots) plan.say(slot.lastWords());
    throw error;
  });
  const watchers = await startWatchers();
  cleanUps.push(() => watchers.end());
  const loads: Load[] = [];
  cleanUps.push(() => Promise.all(loads.map((load) => load.end())));
  const world: World = {
    plan,
    postgres,
    ...log,
    proxies,
    slots,
    slotsOf: (role) => slots.filter(({ plan: { roles } }) => roles.includes(role)),
    loads,
    async addLoad(loadPlan) {
      const load = await startLoad(loadPlan);
      loads.push(load);
      return load;
    },
    async dropLoads() {
      await Promise.all(loads.splice(1).map((load) => load.end()));
    },
    watchers,
    tables,
    seeded,
    hook,
    webUrls: () => slots.flatMap(({ process }) => process?.url ?? []),
    tellViewers: () => watchers.moveTo(world.webUrls()),
    close,
  };
  await addPeople(world, devicePorts);
  return world;
}

async function addPeople(world: World, devicePorts: readonly number[]): Promise<void> {
  const { plan, seeded, watchers } = world;
  await world.addLoad({
    seed: plan.seed,
    first: 0,
    trackers: plan.trackers,
    moves: true,
    intervalMs: 1_000,
    targets: devicePorts.map((port) => ({ host: '127.0.0.1', port })),
  });
  const { email, password } = seeded;
  for (const [first, name] of VIEWERS.entries()) {
    await watchers.add(name, { urls: world.webUrls(), first, email, password, mute: false });
  }
}

interface LogEngine {
  readonly nats: readonly TestNats[];
  natsHealthy(): Promise<void>;
  readonly room: MachineRoom | null;
  readonly openLog: (() => Promise<Log>) | null;
  /** What processes are told, where no link leads there. */
  readonly logUrl: string | null;
}

async function startLogEngine(
  { kind, natsProgram }: WorldPlan,
  cleanUps: CleanUps,
): Promise<LogEngine> {
  const options = {
    maxFileBytes: 4_000_000_000,
    ...(natsProgram === null ? {} : { program: natsProgram }),
  };
  if (kind === 'embedded') {
    return {
      nats: [],
      natsHealthy: () => Promise.resolve(),
      room: null,
      openLog: null,
      logUrl: null,
    };
  }
  if (kind === 'one') {
    const nats = await startNats(options);
    cleanUps.push(() => nats.stop());
    return { nats: [nats], natsHealthy: () => Promise.resolve(), room: null, ...reached(nats.url) };
  }
  const room = makeMachines(3);
  cleanUps.push(() => room.remove());
  const members = room.machines.map(({ address, prefix }) => ({ host: address, prefix }));
  const cluster: TestNatsCluster = await startNatsCluster({ members, ...options });
  cleanUps.push(() => cluster.stop());
  const { members: nats, url } = cluster;
  return { nats, natsHealthy: () => cluster.healthy(), room, ...reached(url) };
}

function reached(logUrl: string): Pick<LogEngine, 'openLog' | 'logUrl'> {
  return {
    logUrl,
    openLog: () =>
      createJetStreamLog({
        url: logUrl,
        lanes: { positions: DEFAULT_LANES, events: DEFAULT_LANES },
        clock: systemClock,
        random: createRandom('drill/oracle'),
        logger: silentLogger,
        metrics: createMetrics(),
      }),
  };
}

interface CrewDeps {
  readonly plan: WorldPlan;
  readonly folder: string;
  readonly postgres: DrillPostgres;
  readonly log: LogEngine;
  readonly proxies: Proxies;
  readonly cleanUps: CleanUps;
}

async function startCrew(deps: CrewDeps) {
  const { plan, cleanUps } = deps;
  const names: { name: string; roles: readonly Role[] }[] =
    plan.kind === 'embedded'
      ? [{ name: 'all', roles: ALL_ROLES }]
      : CREW.flatMap(([role, count]) =>
          Array.from({ length: count }, (_, nth) => ({
            name: `${role} ${nth + 1}`,
            roles: [role],
          })),
        );
  const slots: Slot[] = [];
  const devicePorts: number[] = [];
  cleanUps.push(() => Promise.all(slots.map((slot) => slot.close())));
  for (const { name, roles } of names)
    slots.push(await makeSlot(deps, { name, roles, devicePorts }));
  // the first one makes the streams; the others come together
  plan.say(`starting ${slots.length} processes`);
  await slots[0]?.start();
  const starts = await Promise.allSettled(slots.slice(1).map((slot) => slot.start()));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return { slots, devicePorts };
}

async function makeSlot(
  { plan, folder, postgres, log, proxies }: CrewDeps,
  { name, roles, devicePorts }: { name: string; roles: readonly Role[]; devicePorts: number[] },
): Promise<Slot> {
  const links = linkNames(name);
  const host = '127.0.0.1';
  const store = new URL(postgres.url);
  store.port = String(await proxies.add(links.store, { host, port: postgres.port }));
  const [single] = log.nats;
  const logPort =
    plan.kind === 'one' && single !== undefined
      ? await proxies.add(links.log, { host, port: single.port })
      : null;
  if (roles.includes('tracker')) devicePorts.push(await proxies.add(links.devices, null));
  return new Slot(
    { proxies, say: plan.say },
    {
      name,
      roles,
      logUrl: logPort === null ? log.logUrl : `nats://${host}:${logPort}`,
      storeUrl: store.href,
      dataFolder: plan.kind === 'embedded' ? path.join(folder, 'data') : null,
      program: plan.program,
      args: [
        '--webhook-private-networks',
        '--log-level',
        plan.logLevel,
        // a load balancer needs a moment to see that a process is not ready any more
        ...(roles.includes('client') ? ['--drain-delay', '1'] : []),
      ],
    },
  );
}
