/** What `followme doctor` says of log, database and who reads which lane. It changes nothing. */
import { inspectJetStream, type JetStreamFacts } from '@followme/log';
import {
  createLogger,
  createMetrics,
  createRandom,
  randomToken,
  systemClock,
} from '@followme/platform';
import { laneOwners, STREAM_OF_CONSUMER, type LaneOwner } from '@followme/store';
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

/** Whether the readers of the database stand inside the log. */
export async function checkTogether(settings: Settings): Promise<Finding> {
  if (settings.logUrl === null) return ok('looked at by every start');
  const { streams } = await inspect(settings.logUrl);
  const lanes = await lanesOf(settings);
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
  const lanes = await lanesOf(settings);
  if (lanes.length === 0) return ok('nobody has read any yet');
  const owned = lanes.filter(isHeld);
  const owners = new Set(owned.map(({ owner }) => owner)).size;
  const detail = `${owned.length} of ${lanes.length} are read, by ${owners} process(es)`;
  if (settings.logUrl === null || owned.length === lanes.length) return ok(detail);
  const advice =
    'Nobody does this work: look whether processes of each role run. See followme lanes.';
  return { state: 'warning', detail, advice };
}

async function lanesOf(settings: Settings): Promise<readonly LaneOwner[]> {
  if (settings.storeUrl === null && !(await hasDatabase(settings.dataFolder))) return [];
  return lookIntoStore(settings, async (store) =>
    store === null ? [] : store.asSystem(laneOwners),
  );
}

/** Whether somebody has this lane at present. */
export const isHeld = ({ owner, leaseLeftMs }: LaneOwner): boolean =>
  owner !== null && (leaseLeftMs === null || leaseLeftMs > 0);
