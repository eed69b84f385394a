/**
 * A fleet whose whole journey is decided beforehand and that forgets nothing before it is acknowledged: the
 * oracle of the kill test. Every device sends `CCC` frames in order, one unanswered at a time, repeats what was
 * not answered over a new connection, and notes each acknowledged record. Now and then it sends an old record
 * once more, as devices do that lost count: that must change nothing.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { encodeCcc, type MeitrackReport } from '@followme/protocols';

const RECORDS_PER_FRAME = 5;
/** After so many frames a record from the first half of the journey so far is sent again. */
const FRAMES_BETWEEN_REPEATS = 7;
const RECONNECT_MS = 100;
const DIAL_LIMIT_MS = 2_000;
/** A circle the devices pass through on their way there and back, and one around half of it. */
export const CENTRE = { lon: 5.12, lat: 52.09 } as const;
const HALF_WAY_DEG = 0.02;
const STEPS_ONE_WAY = 60;

export interface CccFleet {
  /** Records acknowledged so far. */
  readonly acknowledged: number;
  readonly total: number;
  readonly isDone: boolean;
  /** Where to dial from now on. */
  moveTo(port: number): void;
  /** Ends all connections. */
  stop(): void;
}

export interface CccFleetOptions {
  readonly devices: number;
  readonly recordsPerDevice: number;
  readonly port: number;
  /** Time of every device's first record, ms. */
  readonly startTimeMs: number;
  /** Records a second of the whole fleet; Infinity = as fast as answers come. */
  readonly perSecond: number;
  /** Every so many records one is an SOS, at another step for each device; none when left out. */
  readonly sosEvery?: number;
  /** File that gets one line `<imei> <fix time>` per acknowledged record. */
  readonly acknowledgedFile: string;
}

/** Identifier of device `index`: 15 digits. */
export const imeiOf = (index: number): string => `87${String(index).padStart(13, '0')}`;

/** Whether record `step` of device `index` is an SOS. */
export function isSosStep(index: number, step: number, sosEvery: number | undefined): boolean {
  return sosEvery !== undefined && (step + index) % sosEvery === sosEvery - 1;
}

/** Record `step` of device `index`: back and forth on a line through the centre, each device on its own. */
function recordOf(
  index: number,
  step: number,
  { startTimeMs, sosEvery }: Pick<CccFleetOptions, 'startTimeMs' | 'sosEvery'>,
): MeitrackReport {
  const phase = (step + index * 7) % (2 * STEPS_ONE_WAY);
  const along = (phase < STEPS_ONE_WAY ? phase : 2 * STEPS_ONE_WAY - phase) / STEPS_ONE_WAY;
  const offset = (along * 2 - 1) * HALF_WAY_DEG;
  const angle = (index * Math.PI) / 20;
  return {
    eventCode: isSosStep(index, step, sosEvery) ? 1 : 35,
    fixTimeMs: startTimeMs + step * 1_000,
    lonE6: Math.round((CENTRE.lon + offset * 1.6 * Math.cos(angle)) * 1e6),
    latE6: Math.round((CENTRE.lat + offset * Math.sin(angle)) * 1e6),
    valid: true,
    satellitesInUse: 9,
    gsmSignal: 20,
    speedKmh: 80,
    headingDeg: 90,
    hdopTenths: 8,
    altitudeM: 3,
    odometerM: step * 20,
    runTimeS: step,
    cell: { mcc: 204, mnc: 4, lac: 1, ci: 2 },
    ports: 0,
    batteryReading: 700,
    powerReading: 1_000,
  };
}

/** Starts sending at once. */
export function startCccFleet(options: CccFleetOptions): CccFleet {
  writeFileSync(options.acknowledgedFile, '');
  const started = performance.now();
  let port = options.port;
  let acknowledged = 0;
  let stopped = false;
  const total = options.devices * options.recordsPerDevice;
  const allowance = (): number =>
    options.perSecond === Number.POSITIVE_INFINITY
      ? options.recordsPerDevice
      : (((performance.now() - started) / 1_000) * options.perSecond) / options.devices;

  const sockets = new Set<Socket>();
  const drive = async (index: number): Promise<void> => {
    let next = 0;
    while (next < options.recordsPerDevice && !stopped) {
      const link = await dial(port, sockets);
      if (link === null) {
        await sleep(RECONNECT_MS);
        continue;
      }
      while (next < options.recordsPerDevice && !stopped) {
        const count = Math.min(RECORDS_PER_FRAME, options.recordsPerDevice - next);
        if (next + count > allowance()) {
          await sleep(10);
          continue;
        }
        const reports = Array.from({ length: count }, (_, i) => recordOf(index, next + i, options));
        if (!(await link.exchange(encodeCcc({ imei: imeiOf(index), flag: 'A' }, reports, count))))
          break;
        const lines = reports.map(({ fixTimeMs }) => `${imeiOf(index)} ${fixTimeMs}\n`);
        appendFileSync(options.acknowledgedFile, lines.join(''));
        next += count;
        acknowledged += count;
        if (Math.floor(next / RECORDS_PER_FRAME) % FRAMES_BETWEEN_REPEATS > 0) continue;
        const old = [recordOf(index, Math.floor(next / 3), options)];
        if (!(await link.exchange(encodeCcc({ imei: imeiOf(index), flag: 'B' }, old, 1)))) break;
      }
      link.end();
    }
  };
  for (let index = 0; index < options.devices; index += 1) void drive(index);

  return {
    get acknowledged() {
      return acknowledged;
    },
    total,
    get isDone() {
      return acknowledged === total;
    },
    moveTo(newPort) {
      port = newPort;
    },
    stop() {
      stopped = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}

interface Link {
  /** Sends a frame; true when its answer came, false when the connection ended first. */
  exchange(frame: Buffer): Promise<boolean>;
  end(): void;
}

async function dial(port: number, sockets: Set<Socket>): Promise<Link | null> {
  const socket = connect({ port, host: '127.0.0.1', timeout: DIAL_LIMIT_MS });
  sockets.add(socket);
  let onAnswer: (came: boolean) => void = () => undefined;
  socket.on('error', () => undefined);
  socket.on('close', () => {
    sockets.delete(socket);
    onAnswer(false);
  });
  socket.on('data', (chunk) => {
    if (chunk.includes('CCC,')) onAnswer(true);
  });
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('timeout', () => socket.destroy());
    socket.once('close', () => resolve(false));
  });
  if (!isOpen) return null;
  return {
    exchange: (frame) =>
      new Promise((resolve) => {
        if (socket.destroyed) {
          resolve(false);
          return;
        }
        onAnswer = resolve;
        socket.write(frame);
      }),
    end: () => socket.destroy(),
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
