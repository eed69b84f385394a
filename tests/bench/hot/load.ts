/**
 * Open-loop load, a process of its own: `trackers` Meitrack connections send text frames at a fixed rate in all,
 * whatever the system does. Prints what it sent, as JSON, when told to stop (end of standard input).
 */
import { connect, type Socket } from 'node:net';
import { encodeAaa } from '@followme/protocols';
import { createRandom } from '@followme/platform';
import { AREA, identifierOf } from './seed.ts';

const TICK_MS = 10;
/** 70 % of a fleet moves. */
const MOVING = 0.7;
const STEP_E6 = 130; // about 14 m a second
/** Loopback addresses to dial from, so that local ports stay below those of the device ports. */
const FIRST_LOCAL_PORT = 1_100;
const PORTS_PER_ADDRESS = 25_000;

interface Device {
  readonly socket: Socket;
  readonly imei: string;
  readonly moving: boolean;
  lonE6: number;
  latE6: number;
  fixTimeMs: number;
}

const [port = 0, trackers = 0, perSecond = 0] = process.argv.slice(2).map(Number);
const random = createRandom('hot/load');
const devices: Device[] = [];
let nextLocalPort = 0;
let sent = 0;
let late = 0;

for (let i = 0; i < trackers; i += 1) devices.push(await dial(i));
process.stdout.write('connected\n');
const started = performance.now();
const timer = setInterval(() => {
  const due = Math.floor(((performance.now() - started) / 1_000) * perSecond);
  if (due - sent > perSecond) late = Math.max(late, due - sent);
  while (sent < due) sendNext();
}, TICK_MS);
process.stdin.resume();
process.stdin.on('end', () => {
  clearInterval(timer);
  process.stdout.write(`${JSON.stringify({ sent, late })}\n`);
  for (const { socket } of devices) socket.destroy();
});

async function dial(index: number): Promise<Device> {
  return {
    socket: await openSocket(),
    imei: identifierOf(index),
    moving: random.next() < MOVING,
    lonE6: Math.round((AREA.lon + random.next() * AREA.widthDeg) * 1e6),
    latE6: Math.round((AREA.lat + random.next() * AREA.heightDeg) * 1e6),
    // simulated time steps a second per fix, whatever the rate, from an hour ago
    fixTimeMs: Date.now() - 3_600_000 - (Date.now() % 1_000),
  };
}

/** Connects from the next free local port; one that somebody else holds is passed over. */
async function openSocket(): Promise<Socket> {
  for (;;) {
    const localPort = FIRST_LOCAL_PORT + (nextLocalPort % PORTS_PER_ADDRESS);
    const localAddress = `127.0.7.${2 + Math.floor(nextLocalPort / PORTS_PER_ADDRESS)}`;
    nextLocalPort += 1;
    const socket = connect({ port, host: '127.0.0.1', localAddress, localPort });
    const failure = await new Promise<Error | null>((resolve) => {
      socket.once('connect', () => resolve(null));
      socket.once('error', resolve);
    });
    if (failure === null) {
      socket.on('error', (error) => process.stderr.write(`${error.message}\n`));
      socket.resume();
      return socket;
    }
    if (!failure.message.includes('EADDRINUSE')) throw failure;
  }
}

function sendNext(): void {
  const device = devices[sent % devices.length];
  sent += 1;
  if (device === undefined) return;
  device.fixTimeMs += 1_000;
  if (device.moving) {
    device.lonE6 += STEP_E6;
    device.latE6 += STEP_E6 >> 1;
  }
  const sender = { imei: device.imei, flag: 'A' };
  device.socket.write(
    encodeAaa(sender, {
      eventCode: 35,
      fixTimeMs: device.fixTimeMs,
      lonE6: device.lonE6,
      latE6: device.latE6,
      valid: true,
      satellitesInUse: 9,
      gsmSignal: 20,
      speedKmh: device.moving ? 50 : 0,
      headingDeg: 60,
      hdopTenths: 8,
      altitudeM: 3,
      odometerM: sent,
      runTimeS: 60,
      cell: { mcc: 204, mnc: 4, lac: 1, ci: 2 },
      ports: 0,
      batteryReading: 700,
      powerReading: 1_000,
    }),
  );
}
