/** What `followme doctor` says of log, database and who reads which lane. It changes nothing. */
import { inspectJetStream, type JetStreamFacts } from '@followme/log';
import {
  createLogger,
  createMetrics,
  createRandom,
  randomToken,
  systemClock,
} from '@followme/platform';
import { claimedLog, laneOwners, STREAM_OF_CONSUMER, type LaneOwner } from '@followme/store';
import { hasDatabase } from '../compose/data-folder.ts';
import { lookIntoStore } from '../compose/with-store.ts';
import type { Settings } from '../settings.ts';
import { ok, type Finding } from './finding.ts';

function inspect(url: string): Promise<JetStreamFacts> {
  const deps = {
    clock: systemClock,
    random: createRandom(randomToken(8)),
    logger: createLogger('silent'),
    metrics: createMetrics(),
  };
  return inspectJetStream({ ...deps, url });
}

/** The servers of the log: version, streams, and what an acknowledgement survives. */
export async function checkLog({ logUrl }: Settings): Promise<Finding> {
  if (logUrl === null) return ok('embedded, in the data folder');
  const { server, version, durability, streams } = await inspect(logUrl);
  const at = `nats-server ${version} at ${server}`;
  if (durability === null) return ok(`${at}; no log yet, the first start makes it`);
  const sizes = streams.map(
    ({ stream, records, bytes }) => `${records} records of ${stream} (${megabytes(bytes)} MB)`,
  );
  return ok(`${at}; ${sizes.join(', ')}. ${durability}`);
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

/** Whether the database is tied to this log, and its readers stand inside it. */
export async function checkTogether(settings: Settings): Promise<Finding> {
  if (settings.logUrl === null) return ok('looked at by every start');
  const { streams, identity } = await inspect(settings.logUrl);
  const { claimed, lanes } = await readersOf(settings);
  if (claimed !== null && claimed !== identity) {
    return {
      state: 'failed',
      detail: `the database belongs to the log ${claimed}, and this one is ${identity ?? 'not made yet'}`,
      advice: 'Name the log that this database was used with, or the database of this log.',
    };
  }
  for (const { consumer, lane, committedSequence } of lanes) {
    const stream = STREAM_OF_CONSUMER[consumer];
    if (stream === null) continue;
    const last = streams.find((facts) => facts.stream === stream)?.lastSequence ?? 0;
    if (committedSequence <= last) continue;
    return {
      state: 'failed',
      detail: `the log ends at ${last} of ${stream}, and "${consumer}" has read lane ${lane} up to ${committedSequence}`,
      advice:
        'The log is another one or an older copy: put back the newest log, or a backup of the database that is not newer.',
    };
  }
  return ok(`${lanes.length} readers stand inside the log`);
}

/** Whether somebody reads every lane. */
export async function checkLanes(settings: Settings): Promise<Finding> {
  const { lanes } = await readersOf(settings);
  if (lanes.length === 0) return ok('nobody has read any yet');
  const idle = idleConsumers(lanes);
  const owned = lanes.filter(isHeld);
  const owners = new Set(owned.map(({ owner }) => owner)).size;
  const never = idle.length === 0 ? '' : `; nobody has begun with ${idle.join(', ')}`;
  const detail = `${owned.length} of ${lanes.length} are read, by ${owners} process(es)${never}`;
  if (settings.logUrl === null) return ok(detail);
  if (owned.length === lanes.length && idle.length === 0) return ok(detail);
  const advice =
    'Nobody does this work: look whether processes of each role run. See followme lanes.';
  return { state: 'warning', detail, advice };
}

interface Readers {
  /** The log that the database is tied to. */
  readonly claimed: string | null;
  readonly lanes: readonly LaneOwner[];
}

async function readersOf(settings: Settings): Promise<Readers> {
  const none: Readers = { claimed: null, lanes: [] };
  if (settings.storeUrl === null && !(await hasDatabase(settings.dataFolder))) return none;
  return lookIntoStore(settings, async (store) => {
    if (store === null) return none;
    return store.asSystem(async (system) => ({
      claimed: await claimedLog(system),
      lanes: await laneOwners(system),
    }));
  });
}

/** What no process has ever worked on, since none with its role was started. */
export function idleConsumers(lanes: readonly LaneOwner[]): readonly string[] {
  const begun = new Set<string>(lanes.map(({ consumer }) => consumer));
  return Object.keys(STREAM_OF_CONSUMER).filter((consumer) => !begun.has(consumer));
}

/** Whether somebody has this lane at present. */
export const isHeld = ({ owner, leaseLeftMs }: LaneOwner): boolean =>
  owner !== null && (leaseLeftMs === null || leaseLeftMs > 0);
