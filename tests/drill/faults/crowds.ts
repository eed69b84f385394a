/** A viewer that never reads, everybody coming back at once, and every process replaced under load. */
import { readFileSync } from 'node:fs';
import { waitUntil } from '@followme/testkit';
import type { Load } from '../load/loads.ts';
import { startHttpProbe } from '../world/http-probe.ts';
import { ADD_STANDING_TRACKERS } from '../world/seed.ts';
import type { World } from '../world/world.ts';
import { FaultFailure, type Fault, type FaultContext } from './fault.ts';

const MUTE_VIEWERS = 5;
const MUTE_MS = 20_000;
const CROWD = 15_000;
const GENERATORS = 3;
/** A device of the crowd reports so often besides coming back. */
const CROWD_INTERVAL_MS = 60_000;
const CROWD_LIMIT_MS = 120_000;

function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1_024);
}

const clientMb = (world: World): number =>
  Math.max(...world.slotsOf('client').map(({ running }) => residentMb(running.pid)));

const muteViewer: Fault = {
  name: 'mute-viewer',
  world: 'one',
  isShort: false,
  about: `${MUTE_VIEWERS} viewers open their sockets and never read, for ${MUTE_MS / 1_000} s`,
  async make({ world, pass }) {
    const { email, password } = world.seeded;
    const before = clientMb(world);
    const names = Array.from({ length: MUTE_VIEWERS }, (_, nth) => `mute ${nth}`);
    for (const [first, name] of names.entries()) {
      await world.watchers.add(name, { urls: world.webUrls(), first, email, password, mute: true });
    }
    await pass(MUTE_MS);
    const after = clientMb(world);
    for (const name of names) await world.watchers.remove(name);
    return { clientMbBefore: before, clientMbAfter: after };
  },
};

/** Adds the trackers of the crowd. */
async function addCrowd({ world, know }: FaultContext): Promise<number> {
  const first = world.plan.trackers;
  const rows = await world.tables.run<{ trackerId: number; index: number }>(ADD_STANDING_TRACKERS, [
    world.seeded.tenantId,
    first,
    CROWD,
  ]);
  know(new Map(rows.map(({ trackerId, index }) => [index, trackerId])));
  return first;
}

async function untilQuiet(crowd: readonly Load[], what: string): Promise<number> {
  const startMs = performance.now();
  await waitUntil(
    async () => {
      const all = await Promise.all(crowd.map((load) => load.status()));
      const connected = all.reduce((sum, status) => sum + status.connected, 0);
      const held = all.reduce((sum, status) => sum + status.held, 0);
      return connected === CROWD && held === 0;
    },
    CROWD_LIMIT_MS,
    what,
  );
  return Math.round(performance.now() - startMs);
}

const crowd: Fault = {
  name: 'reconnect-15000',
  world: 'one',
  isShort: false,
  about: `${CROWD} devices lose their connections at the same moment, dial again at once and report`,
  async make(context) {
    const { world, say } = context;
    const first = await addCrowd(context);
    const targets = world
      .slotsOf('tracker')
      .map(({ running }) => ({ host: '127.0.0.1', port: running.devicePort ?? 0 }));
    const share = CROWD / GENERATORS;
    const loads = await Promise.all(
      Array.from({ length: GENERATORS }, (_, nth) =>
        world.addLoad({
          seed: world.plan.seed,
          first: first + nth * share,
          trackers: share,
          moves: false,
          intervalMs: CROWD_INTERVAL_MS,
          targets,
          localAddress: `127.0.0.${10 + nth}`,
        }),
      ),
    );
    for (const load of loads) await load.reconnect();
    const firstMs = await untilQuiet(loads, 'the crowd connected');
    say(`${CROWD} connected and confirmed after ${firstMs} ms; all again now`);
    await Promise.all(loads.map((load) => load.reconnect()));
    const allBackMs = await untilQuiet(loads, 'the crowd back');
    return { allBackMs };
  },
};

const rolling: Fault = {
  name: 'rolling-replacement',
  world: 'one',
  isShort: false,
  about:
    'every process in turn gets SIGTERM while another starts in its place; HTTP requests go on',
  async make({ world, say, pass }) {
    const probe = await startHttpProbe(world);
    const codes: (number | null)[] = [];
    for (const slot of world.slots) {
      codes.push(await slot.replace());
      await world.tellViewers();
      say(`${slot.name} replaced`);
    }
    await pass(1_000);
    const { requests, failed, retried, firstFailure } = await probe.stop();
    const notes = {
      replaced: codes.length,
      httpRequests: requests,
      httpFailed: failed,
      httpRetried: retried,
    };
    if (failed > 0) throw new FaultFailure(`${failed} requests failed: ${firstFailure}`, notes);
    const bad = codes.filter((code) => code !== 0);
    if (bad.length > 0) throw new FaultFailure(`Processes ended with ${bad.join(', ')}`, notes);
    return notes;
  },
};

export const crowdFaults: readonly Fault[] = [muteViewer, rolling, crowd];
