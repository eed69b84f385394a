/**
 * What a durable append of 8 kB costs on JetStream: `npx tsx --conditions=source
 * packages/log/src/jetstream/append.bench.ts [url or program]`; without an address it starts that program, or the nats-server it finds.
 * Sixteen lanes with one append under way each, as the tracker service does it, and the same through the stock
 * client's `publish`. Prints JSON lines; CPU time is of this process without the server.
 */
import { trustedId, type Lane } from '@followme/model';
import { createMetrics, createRandom, silentLogger, systemClock } from '@followme/platform';
import { startNats } from '@followme/testkit';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { Log } from '../port.ts';
import { createJetStreamLog } from './open-jetstream.ts';

const LANES = 16;
const RECORD_BYTES = 8_000;
const WARM_UP_APPENDS = 200;
const APPENDS_PER_LANE = 1_500;
const SEED = 'append bench';

type AppendOne = (lane: number, count: number) => Promise<unknown>;

async function appendEverywhere(append: AppendOne, perLane: number): Promise<void> {
  const lanes = Array.from({ length: LANES }, (_, lane) => lane);
  await Promise.all(
    lanes.map(async (lane) => {
      for (let count = 0; count < perLane; count += 1) await append(lane, count);
    }),
  );
}

async function measure(name: string, version: string, append: AppendOne): Promise<void> {
  await appendEverywhere(append, WARM_UP_APPENDS);
  const startedMs = systemClock.monotonicMs();
  const before = process.cpuUsage();
  await appendEverywhere((lane, count) => append(lane, count + WARM_UP_APPENDS), APPENDS_PER_LANE);
  const cpu = process.cpuUsage(before);
  const seconds = (systemClock.monotonicMs() - startedMs) / 1000;
  const appends = LANES * APPENDS_PER_LANE;
  const result = {
    name,
    server: version,
    seed: SEED,
    recordBytes: RECORD_BYTES,
    lanes: LANES,
    appends,
    appendsPerSecond: Math.round(appends / seconds),
    cpuUsPerAppend: Math.round((cpu.user + cpu.system) / appends),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

const random = createRandom(SEED);
const payload = Uint8Array.from({ length: RECORD_BYTES }, () => random.integer(0, 255));
const [given = ''] = process.argv.slice(2);
const nats = given.includes('://') ? null : await startNats(given === '' ? {} : { program: given });
const url = nats?.url ?? given;
const lanes = { positions: LANES, events: LANES };
const deps = { clock: systemClock, random, logger: silentLogger, metrics: createMetrics() };
const log: Log = await createJetStreamLog({ url, lanes, ...deps });
const stock = await connect({ servers: url.replace(/^nats:\/\//, '') });
try {
  const js = jetstream(stock);
  const version = stock.info?.version ?? '';
  await measure('log.append', version, (lane) =>
    log.append('positions', trustedId<Lane>(lane), payload),
  );
  await measure('stock js.publish', version, (lane, count) =>
    js.publish(`followme.positions.${lane}`, payload, { msgID: `stock ${lane} ${count}` }),
  );
} finally {
  await log.close();
  await stock.close();
  await nats?.stop();
}
