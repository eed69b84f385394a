/**
 * What our way is compared with: the stock client as its guide shows it, one JSON message per position, published
 * with `js.publish` and read with `consume()` and an acknowledgement each. No sockets of devices, fences,
 * database or viewers. Arguments: `publish` or a reader's name, address, positions per second.
 * Answers each line of standard input with what it counted so far, as JSON.
 */
import { createInterface } from 'node:readline';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { systemClock } from '@followme/platform';

const STREAM = 'reference';
const SUBJECTS = 16;
const TICK_MS = 2;
/** Publishes that wait for their answer; beyond it the schedule slips, which is told. */
const MOST_IN_FLIGHT = 5_000;

const [job = '', url = '', perSecond = '0'] = process.argv.slice(2);
const connection = await connect({ servers: url });
const js = jetstream(connection);
let count = 0;
let failed = 0;

if (job === 'publish') await publish(Number(perSecond));
else await read(job);
process.stdout.write('{}\n');
createInterface({ input: process.stdin })
  .on('line', () => process.stdout.write(`${JSON.stringify({ count, failed })}\n`))
  .on('close', () => process.exit());

async function publish(rate: number): Promise<void> {
  const jsm = await jetstreamManager(connection);
  await jsm.streams.add({ name: STREAM, subjects: [`${STREAM}.*`] });
  const startedMs = systemClock.monotonicMs();
  let next = 0;
  let inFlight = 0;
  systemClock.every(TICK_MS, () => {
    const due = Math.floor(((systemClock.monotonicMs() - startedMs) / 1_000) * rate);
    while (next < due && inFlight < MOST_IN_FLIGHT) {
      inFlight += 1;
      js.publish(`${STREAM}.${next % SUBJECTS}`, JSON.stringify(positionOf(next)))
        .then(() => (count += 1))
        .catch(() => (failed += 1))
        .finally(() => (inFlight -= 1));
      next += 1;
    }
  });
}

async function read(name: string): Promise<void> {
  const jsm = await jetstreamManager(connection);
  await jsm.consumers.add(STREAM, { durable_name: name, ack_policy: 'explicit' });
  const consumer = await js.consumers.get(STREAM, name);
  await consumer.consume({
    callback(message) {
      const position = message.json<ReturnType<typeof positionOf>>();
      if (position.trackerId < 0) failed += 1;
      count += 1;
      message.ack();
    },
  });
}

/** The fields of a position as they go over the wire in JSON. */
function positionOf(index: number) {
  const fixTimeMs = systemClock.nowMs();
  return {
    tenantId: 1,
    trackerId: index % 5_000,
    fixTimeMs,
    receivedTimeMs: fixTimeMs,
    lon: 5.123_456 + (index % 1_000) / 1e5,
    lat: 52.123_456,
    valid: true,
    speedMps: 13.9,
    headingDeg: 60,
    altitudeM: 3,
    batteryPct: 80,
    satellitesInUse: 9,
    alarm: 'none',
    eventCode: 35,
    attributes: { hdop: 0.8, gsmSignal: 20, odometerM: 123_456 },
  };
}
