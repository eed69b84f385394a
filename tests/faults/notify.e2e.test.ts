/**
 * The kill test of messages. A fleet crosses a place and raises SOS; a rule for each sends a mail and calls a
 * webhook. Over and over, while messages are being delivered, SIGKILL ends the system: some of the kills fall on
 * the moment in which a receiver has just said yes, the others anywhere. Then every message that the journey
 * calls for has arrived at the mail server and at the webhook, under an id of its own; no other has; and no
 * channel has seen more repeats than there were kills.
 *
 * `npm test` kills a few times; `npm run drill:notify` twenty times. `KILL_SEED` sets the moments.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRandom, type Random } from '@followme/platform';
import { findEmbeddedServer } from '@followme/store';
import { waitUntil } from '@followme/testkit';
import { Client } from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { logIn } from '../support/api.ts';
import { CENTRE, imeiOf, isSosStep, startCccFleet, type CccFleet } from '../support/ccc-fleet.ts';
import {
  startMessageReceivers,
  type Channel,
  type MessageReceivers,
} from '../support/message-receivers.ts';
import { startSystem, type RunningSystem } from '../support/system.ts';

const KILLS = Number(process.env['NOTIFY_KILLS'] ?? '4');
const SEED = process.env['KILL_SEED'] ?? '2779';
const DEVICES = 12;
/** Each pass of 60 records crosses the place twice. */
const RECORDS_PER_DEVICE = 180 + KILLS * 10;
const SOS_EVERY = 60;
const PER_SECOND = 400;
/** What a receiver takes to say yes, ms. */
const RECEIVER_MS = 8;
/** So many messages are seen between two kills, at least and at most. */
const BETWEEN_KILLS = [2, 12] as const;
/** A kill falls on a receiver's yes, or so much later at most, ms. */
const KILL_WITHIN_MS = 25;
const LIMIT_MS = 300_000;
const START_TIME_MS = Math.floor((Date.now() - 3_600_000) / 60_000) * 60_000;

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** What the test has made in the system. */
interface World {
  readonly trackerIds: readonly number[];
  readonly fenceId: number;
  readonly crossingRuleId: number;
  readonly sosRuleId: number;
  readonly userId: number;
  readonly webhookId: number;
}

async function makeWorld(system: RunningSystem, webhookUrl: string): Promise<World> {
  const api = await logIn(system.url, system.email, system.password);
  const { user } = await api.must<{ user: { id: number } }>('GET', '/api/session');
  const { webhook } = await api.must<{ webhook: { id: number } }>('POST', '/api/webhooks', {
    name: 'Desk',
    url: webhookUrl,
  });
  const trackerIds: number[] = [];
  for (let index = 0; index < DEVICES; index += 1) {
    const device = { protocol: 'meitrack', identifier: imeiOf(index) };
    const body = { name: `Tracker ${index}`, groupIds: [], device };
    trackerIds.push((await api.must<{ id: number }>('POST', '/api/trackers', body)).id);
  }
  const geometry = { type: 'Point', coordinates: [CENTRE.lon, CENTRE.lat], radiusM: 400 };
  const fence = await api.must<{ id: number }>('POST', '/api/fences', { name: 'Centre', geometry });
  const makeRule = async (trigger: unknown): Promise<number> => {
    const rule = {
      name: 'Rule',
      enabled: true,
      severity: 'high',
      trigger,
      groupIds: null,
      recipientIds: [user.id],
      webhookIds: [webhook.id],
      coolDownS: 0,
      escalation: null,
    };
    return (await api.must<{ id: number }>('POST', '/api/rules', rule)).id;
  };
  return {
    trackerIds,
    fenceId: fence.id,
    crossingRuleId: await makeRule({ kind: 'fence', fenceIds: null, on: ['enter', 'exit'] }),
    sosRuleId: await makeRule({ kind: 'alarm', alarms: ['sos'] }),
    userId: user.id,
    webhookId: webhook.id,
  };
}

/** Asks the database of a running system, as its superuser. */
async function ask<T extends object>(dataFolder: string, sql: string): Promise<readonly T[]> {
  const server = await findEmbeddedServer(dataFolder);
  if (server === null) throw new Error('The database does not run');
  const url = new URL(server.adminUrl);
  url.pathname = new URL(server.url).pathname;
  const client = new Client({ connectionString: url.href });
  try {
    await client.connect();
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The crossings of the journey, as keys of the messages they call for; the first fix of all is none. */
async function expectedCrossings(dataFolder: string, world: World): Promise<string[]> {
  const rows = await ask<{ tracker: number; kind: string; time: string }>(
    dataFolder,
    `select tracker_id as tracker, kind, followme.epoch_ms(fix_time)::int8::text as time
       from followme.fence_event where reason = 'fix'`,
  );
  return rows.map(
    ({ tracker, kind, time }) =>
      `r${world.crossingRuleId}:t${tracker}:f${world.fenceId}:${kind}:${time}`,
  );
}

/** The SOS of the journey, as keys of the messages they call for. */
function expectedSos(world: World): string[] {
  return world.trackerIds.flatMap((trackerId, index) =>
    Array.from({ length: RECORDS_PER_DEVICE }, (_, step) => step)
      .filter((step) => isSosStep(index, step, SOS_EVERY))
      .map((step) => `r${world.sosRuleId}:t${trackerId}:sos:${START_TIME_MS + step * 1_000}`),
  );
}

/** Waits for messages, then kills at a moment of the seed. */
async function killDuringDelivery(
  system: RunningSystem,
  random: Random,
  heard: { on: (channel: Channel) => void },
): Promise<void> {
  let left = random.integer(...BETWEEN_KILLS);
  const isAtYes = random.next() < 0.5;
  const delayMs = random.next() * KILL_WITHIN_MS;
  const isDatabaseToo = random.next() < 0.3;
  const kill = (): Promise<void> =>
    isDatabaseToo ? system.killEverything() : system.killProcess();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('No messages to kill under')), 60_000);
    heard.on = () => {
      left -= 1;
      if (left !== 0) return;
      clearTimeout(timer);
      if (isAtYes) kill().then(resolve, reject);
      else setTimeout(() => void kill().then(resolve, reject), delayMs);
    };
  });
  heard.on = () => undefined;
}

function startFleet(system: RunningSystem, folder: string): CccFleet {
  const fleet = startCccFleet({
    devices: DEVICES,
    recordsPerDevice: RECORDS_PER_DEVICE,
    sosEvery: SOS_EVERY,
    port: system.devicePort,
    startTimeMs: START_TIME_MS,
    perSecond: PER_SECOND,
    acknowledgedFile: path.join(folder, 'acknowledged'),
  });
  cleanUps.push(() => Promise.resolve(fleet.stop()));
  return fleet;
}

/** Waits until everything is read, raised and delivered. */
async function untilDelivered(system: RunningSystem, fleet: CccFleet): Promise<void> {
  await waitUntil(() => fleet.isDone, LIMIT_MS, 'the end of the journey');
  const look = async (): Promise<boolean> => {
    const [row] = await ask<{ left: number }>(
      system.dataFolder,
      `select ((select count(*) from followme.delivery where state = 'waiting')
             + (select count(*) from followme.fence_event where not sent)
             + (select count(*) from followme.lane_progress a
                  join followme.lane_progress r on r.lane = a.lane and r.consumer = 'recorder'
                 where a.consumer in ('alarms', 'geofence') and a.committed_seq < r.committed_seq)
             + (select count(*) from (select lane, count(*) from followme.fence_event group by lane) e
                  left join followme.lane_progress c on c.lane = e.lane and c.consumer = 'crossings'
                 where coalesce(c.committed_seq, 0) < e.count))::int as left`,
    );
    return row?.left === 0;
  };
  await waitUntil(look, 60_000, 'everything delivered');
}

const repeatsOf = (ids: readonly string[]): number => ids.length - new Set(ids).size;

describe.skipIf(!existsSync('/proc/self/stat'))('killed while messages are delivered', () => {
  test(
    `NT21 after ${KILLS} kills every message arrived at least once, repeats are no more than kills (seed ${SEED})`,
    { timeout: LIMIT_MS * 2 },
    async () => {
      const random = createRandom(`notify/${SEED}`);
      const dataFolder = await mkdtemp(path.join(tmpdir(), 'followme-notify-'));
      cleanUps.push(() => rm(dataFolder, { recursive: true, force: true }));
      const heard = { on: (_channel: Channel): void => undefined };
      const receivers = await startMessageReceivers(RECEIVER_MS, (channel) => heard.on(channel));
      cleanUps.push(() => receivers.close());
      const mail = `--smtp ${receivers.smtpUrl} --mail-from alerts@x.example`;
      const args = `--log-level error --webhook-private-networks ${mail}`.split(' ');
      let system = await startSystem({ dataFolder, args });
      cleanUps.push(() => system.killEverything());
      const world = await makeWorld(system, receivers.webhookUrl);
      const fleet = startFleet(system, dataFolder);
      for (let kill = 0; kill < KILLS; kill += 1) {
        await killDuringDelivery(system, random, heard);
        system = await startSystem({ dataFolder, args });
        fleet.moveTo(system.devicePort);
      }
      await untilDelivered(system, fleet);
      await expectAllArrived(system, { world, receivers });
      expect(await system.stop()).toBe(0);
    },
  );
});

async function expectAllArrived(
  { dataFolder }: RunningSystem,
  { world, receivers }: { readonly world: World; readonly receivers: MessageReceivers },
): Promise<void> {
  const crossings = await expectedCrossings(dataFolder, world);
  expect(crossings.length).toBeGreaterThan(DEVICES * 4);
  const causes = [...crossings, ...expectedSos(world)];
  const rows = await ask<{ id: string; key: string; channel: Channel; state: string }>(
    dataFolder,
    'select id, dedupe_key as key, channel, state from followme.delivery',
  );
  const mails = causes.map((cause) => `${cause}:alert:email:${world.userId}`);
  const calls = causes.map((cause) => `${cause}:alert:webhook:${world.webhookId}`);
  expect(rows.map(({ key }) => key).toSorted()).toEqual([...mails, ...calls].toSorted());
  expect(rows.filter(({ state }) => state !== 'delivered')).toEqual([]);
  for (const channel of ['email', 'webhook'] as const) {
    const ids = rows.filter((row) => row.channel === channel).map(({ id }) => id);
    expect([...new Set(receivers.arrived[channel])].toSorted()).toEqual(ids.toSorted());
    expect(repeatsOf(receivers.arrived[channel])).toBeLessThanOrEqual(KILLS);
  }
}
