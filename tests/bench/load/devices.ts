/**
 * Open-loop load, a process of its own: one Meitrack connection per tracker, fixes at a fixed rate in all, whatever
 * the system does. Arguments: device port, trackers. Commands: `phase` begins another rate and answers the phase,
 * `look` answers how many it sent, and the
 * answers it got since the look before.
 */
import { connect, type Socket } from 'node:net';
import { encodeCcc, type MeitrackReport } from '@followme/protocols';
import { createRandom } from '@followme/platform';
import {
  fixTimeOf,
  Latencies,
  monotonicMs,
  type FrameKind,
  type Phase,
  type Sent,
} from './phase.ts';
import { AREA, identifierOf } from './seed.ts';
import { frameTime, TextFrame } from './text-frame.ts';
import { serveCommands } from './wire.ts';

/** Short, since the wait for the next tick counts as delay. */
const TICK_MS = 2;
/** Frames sent before the event loop has its turn. */
const MOST_IN_TURN = 2_000;
/** Between the command and the first fix of a phase. */
const HEAD_START_MS = 20;
/** 70 % of a fleet moves. */
const MOVING = 0.7;
const STEP_E6 = 130; // about 14 m a second
/** Loopback addresses to dial from, so that local ports stay below those of the device ports. */
const FIRST_LOCAL_PORT = 1_100;
const PORTS_PER_ADDRESS = 25_000;
const LINE_FEED = 0x0a;

interface Device {
  readonly socket: Socket;
  readonly imei: string;
  readonly moving: boolean;
  readonly frame: TextFrame;
  lonE6: number;
  latE6: number;
  /** When the frames that are not answered were due, oldest first. */
  readonly unansweredMs: number[];
}

export type DevicesCommand =
  | { readonly type: 'phase'; readonly rate: number; readonly frames: FrameKind }
  | { readonly type: 'look' };

const [port = 0, trackers = 0] = process.argv.slice(2).map(Number);
const random = createRandom('hot/load');
const devices: Device[] = [];
let nextLocalPort = 0;
let phase: Phase | null = null;
/** Fixes of the phases before. */
let sentBefore = 0;
let sent = 0;
let mostBehind = 0;
let acks = new Latencies();
let time: { readonly fixTimeMs: number; readonly text: Buffer } = {
  fixTimeMs: 0,
  text: Buffer.alloc(0),
};

for (let i = 0; i < trackers; i += 1) devices.push(await dial(i));
const timer = setInterval(sendDue, TICK_MS);
serveCommands<DevicesCommand>(
  (command) => {
    if (command.type === 'phase') {
      phase = begin(command.rate, command.frames);
      return phase;
    }
    const look: Sent = { sent: sentBefore + sent, mostBehind, acks: acks.summary() };
    mostBehind = 0;
    acks = new Latencies();
    return look;
  },
  () => {
    clearInterval(timer);
    for (const { socket } of devices) socket.destroy();
  },
);

function begin(rate: number, frames: FrameKind): Phase {
  // simulated time steps a second per fix, whatever the rate, from an hour ago
  const firstFixTimeMs =
    phase === null
      ? Date.now() - 3_600_000 - (Date.now() % 1_000)
      : fixTimeOf(phase, sent + trackers);
  sentBefore += sent;
  sent = 0;
  mostBehind = 0;
  acks = new Latencies();
  return { rate, trackers, frames, startMs: monotonicMs() + HEAD_START_MS, firstFixTimeMs };
}

function sendDue(): void {
  if (phase === null) return;
  const due = Math.floor(((monotonicMs() - phase.startMs) / 1_000) * phase.rate) + 1;
  mostBehind = Math.max(mostBehind, due - sent);
  // in turns, so that answers are heard and commands taken also while it is behind
  const upTo = Math.min(due, sent + MOST_IN_TURN);
  while (sent < upTo) sendNext(phase);
}

function sendNext(phase: Phase): void {
  const device = devices[sent % trackers];
  const fixTimeMs = fixTimeOf(phase, sent);
  const dueMs = phase.startMs + (sent * 1_000) / phase.rate;
  sent += 1;
  if (device === undefined) return;
  if (device.moving) {
    device.lonE6 += STEP_E6;
    device.latE6 += STEP_E6 >> 1;
  }
  if (phase.frames === 'text') sendText(device, fixTimeMs);
  else sendBinary(device, fixTimeMs, dueMs);
}

function sendText({ frame, socket, lonE6, latE6 }: Device, fixTimeMs: number): void {
  if (time.fixTimeMs !== fixTimeMs) time = { fixTimeMs, text: frameTime(fixTimeMs) };
  frame.set(lonE6, latE6, fixTimeMs, time.text);
  socket.write(frame.bytes);
  // the kernel did not take it: the bytes belong to the socket until it does
  if (socket.writableLength > 0) frame.bytes = Buffer.from(frame.bytes);
}

function sendBinary(device: Device, fixTimeMs: number, dueMs: number): void {
  device.unansweredMs.push(dueMs);
  const report = reportOf(device, fixTimeMs);
  device.socket.write(encodeCcc({ imei: device.imei, flag: 'A' }, [report], 1));
}

/** Each answer is one line, in the order of the frames. */
function hear(device: Device, chunk: Buffer): void {
  const nowMs = monotonicMs();
  for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) {
    const dueMs = device.unansweredMs.shift();
    if (dueMs !== undefined) acks.add(nowMs - dueMs);
  }
}

async function dial(index: number): Promise<Device> {
  const socket = await openSocket();
  const lonE6 = Math.round((AREA.lon + random.next() * AREA.widthDeg) * 1e6);
  const latE6 = Math.round((AREA.lat + random.next() * AREA.heightDeg) * 1e6);
  const imei = identifierOf(index);
  const moving = random.next() < MOVING;
  const report = reportOf({ lonE6, latE6, moving }, 0);
  const frame = new TextFrame({ imei, flag: 'A' }, report);
  const device: Device = { socket, imei, moving, frame, lonE6, latE6, unansweredMs: [] };
  socket.on('error', (error) => process.stderr.write(`${error.message}\n`));
  socket.on('data', (chunk) => hear(device, chunk));
  return device;
}

function reportOf(
  { lonE6, latE6, moving }: Pick<Device, 'lonE6' | 'latE6' | 'moving'>,
  fixTimeMs: number,
): MeitrackReport {
  return {
    eventCode: 35,
    fixTimeMs,
    lonE6,
    latE6,
    valid: true,
    satellitesInUse: 9,
    gsmSignal: 20,
    speedKmh: moving ? 50 : 0,
    headingDeg: 60,
    hdopTenths: 8,
    altitudeM: 3,
    odometerM: 123_456,
    runTimeS: 60,
    cell: { mcc: 204, mnc: 4, lac: 1, ci: 2 },
    ports: 0,
    batteryReading: 700,
    powerReading: 1_000,
  };
}

/** Connects from the next free local port; one that somebody else holds is passed over. */
async function openSocket(): Promise<Socket> {
  for (;;) {
    const localPort = FIRST_LOCAL_PORT + (nextLocalPort % PORTS_PER_ADDRESS);
    const localAddress = `127.0.7.${2 + Math.floor(nextLocalPort / PORTS_PER_ADDRESS)}`;
    nextLocalPort += 1;
    const socket = connect({ port, host: '127.0.0.1', localAddress, localPort, noDelay: true });
    const failure = await new Promise<Error | null>((resolve) => {
      socket.once('connect', () => resolve(null));
      socket.once('error', resolve);
    });
    if (failure === null) return socket;
    if (!failure.message.includes('EADDRINUSE')) throw failure;
  }
}
