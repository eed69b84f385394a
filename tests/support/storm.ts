/**
 * A fleet that comes back at once, as after a network or a process was away: every device dials, sends one `CCC`
 * frame and waits for the acknowledgement; who is turned away or cut off tries again, as devices do. Sockets stay
 * open until `dropAll`, so that the same fleet can storm again.
 *
 * One process may have 20,000 files open where the limit is what Debian gives: a storm of 15,000 runs in a process
 * of its own, beside the one it storms.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeCcc, type MeitrackReport } from '@followme/protocols';

export interface StormOptions {
  readonly host: string;
  /** Port of the Meitrack listener. */
  readonly port: number;
  /** Identifiers of the devices, all of them registered. */
  readonly imeis: readonly string[];
  /** Longest wait for the whole fleet, ms. */
  readonly limitMs: number;
}

/** How a storm went. Times are from its begin to a device's acknowledgement. */
interface StormResult {
  readonly answered: number;
  /** Devices that had no acknowledgement when the time was over. */
  readonly missing: number;
  /** Times a device was turned away or cut off and dialled again. */
  readonly redials: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly lastMs: number;
}

export interface Storm {
  /** The whole fleet dials at once; resolves when all are acknowledged, or the time is over. */
  dialAll(): Promise<StormResult>;
  /** Ends all connections without a word, as a network that is gone. */
  dropAll(): void;
  /** Sockets that are open. */
  readonly open: number;
}

/** Linux answers on all of 127.0.0.0/8; elsewhere there is one loopback address. */
const MANY_ADDRESSES = process.platform === 'linux';
const SOCKETS_PER_ADDRESS = 10_000;
const REDIAL_MS = 200;
const ANSWER = 'CCC,1*';

/** A fleet that is nowhere yet. */
export function createStorm(options: StormOptions): Storm {
  const sockets = new Set<Socket>();
  let step = 0;

  /** Resolves with true when acknowledged, false when the connection ended before. */
  function dialOne(index: number, frame: Buffer): Promise<boolean> {
    const { host, port } = options;
    const address = `127.0.0.${2 + Math.floor(index / SOCKETS_PER_ADDRESS)}`;
    const socket = connect({ host, port, ...(MANY_ADDRESSES ? { localAddress: address } : {}) });
    sockets.add(socket);
    return new Promise((resolve) => {
      let heard = '';
      const onData = (chunk: Buffer): void => {
        heard += chunk.toString('latin1');
        if (!heard.includes(ANSWER)) return;
        heard = '';
        socket.off('data', onData);
        socket.resume();
        resolve(true);
      };
      socket.on('data', onData);
      socket.on('error', () => undefined);
      socket.once('connect', () => socket.write(frame));
      socket.once('close', () => {
        sockets.delete(socket);
        resolve(false);
      });
    });
  }

  return {
    async dialAll() {
      step += 1;
      const startedMs = performance.now();
      const endMs = startedMs + options.limitMs;
      const times: number[] = [];
      let redials = 0;
      const drive = async (imei: string, index: number): Promise<void> => {
        const frame = encodeCcc({ imei, flag: 'A' }, [reportAt(step)], 1);
        while (performance.now() < endMs) {
          if (await dialOne(index, frame)) {
            times.push(performance.now() - startedMs);
            return;
          }
          redials += 1;
          await sleep(REDIAL_MS);
        }
      };
      const over = new AbortController();
      await Promise.race([
        Promise.all(options.imeis.map(drive)),
        sleep(options.limitMs, undefined, { signal: over.signal }).catch(() => undefined),
      ]);
      over.abort();
      return summaryOf(times, options.imeis.length, redials);
    },
    dropAll() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    get open() {
      return sockets.size;
    },
  };
}

function summaryOf(times: readonly number[], devices: number, redials: number): StormResult {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return {
    answered: sorted.length,
    missing: devices - sorted.length,
    redials,
    medianMs: at(0.5),
    p99Ms: at(0.99),
    lastMs: at(1),
  };
}

/** Report number `step` of a device: another time for each, so that none is a repeat. */
export function reportAt(step: number): MeitrackReport {
  return {
    eventCode: 35,
    fixTimeMs: Date.UTC(2026, 0, 1) + step * 1_000,
    lonE6: 5_120_000,
    latE6: 52_090_000,
    valid: true,
    satellitesInUse: 9,
    gsmSignal: 20,
    speedKmh: 0,
    headingDeg: 0,
    hdopTenths: 8,
    altitudeM: 3,
    odometerM: 0,
    runTimeS: 0,
    cell: { mcc: 204, mnc: 4, lac: 1, ci: 2 },
    ports: 0,
    batteryReading: 700,
    powerReading: 1_000,
  };
}
