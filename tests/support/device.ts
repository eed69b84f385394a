/** One simulated Meitrack tracker that goes where a test says, over a real connection. */
import { connect, type Socket } from 'node:net';
import { encodeCcc } from '@followme/protocols';

/** Code of an SOS key in a Meitrack report. */
const SOS_EVENT_CODE = 1;
/** Code of a report by time. */
const ROUTINE_EVENT_CODE = 35;
const ANSWER_LIMIT_MS = 20_000;
/** A frame of a device that the listener does not know yet is never answered: devices send again. */
const SEND_AGAIN_MS = 3_000;

interface ReportOptions {
  readonly isSos?: boolean;
  /** A whole second; now, or a second later than the last one, unless told. */
  readonly fixTimeMs?: number;
}

export interface Device {
  /** Reports a place as of now or of `fixTimeMs`; resolves when the server has answered that it is stored. */
  report(lon: number, lat: number, options?: ReportOptions): Promise<void>;
  close(): void;
}

/** Connects a device with this identifier (15 digits). @throws Error when nobody listens. */
export async function connectDevice(port: number, imei: string): Promise<Device> {
  const socket = connect({ port, host: '127.0.0.1' });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('error', reject);
  });
  // fixes of one device need times of their own
  let lastTimeMs = 0;
  return {
    async report(lon, lat, { isSos = false, fixTimeMs } = {}) {
      lastTimeMs =
        fixTimeMs ?? Math.max(Math.floor(Date.now() / 1_000) * 1_000, lastTimeMs + 1_000);
      const report = {
        eventCode: isSos ? SOS_EVENT_CODE : ROUTINE_EVENT_CODE,
        fixTimeMs: lastTimeMs,
        lonE6: Math.round(lon * 1e6),
        latE6: Math.round(lat * 1e6),
        valid: true,
        satellitesInUse: 9,
        gsmSignal: 20,
        speedKmh: 30,
        headingDeg: 90,
        hdopTenths: 8,
        altitudeM: 3,
        odometerM: 0,
        runTimeS: 1,
        cell: { mcc: 204, mnc: 4, lac: 1, ci: 2 },
        ports: 0,
        batteryReading: 700,
        powerReading: 1_000,
      };
      await exchange(socket, encodeCcc({ imei, flag: 'A' }, [report], 1));
    },
    close: () => socket.destroy(),
  };
}

/** Sends a frame and waits for its answer. */
function exchange(socket: Socket, frame: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const again = setInterval(() => socket.write(frame), SEND_AGAIN_MS);
    const end = (settle: () => void): void => {
      clearInterval(again);
      clearTimeout(timer);
      settle();
    };
    const fail = (why: string): void => end(() => reject(new Error(why)));
    const timer = setTimeout(() => {
      fail(`The server did not answer a report within ${ANSWER_LIMIT_MS} ms`);
    }, ANSWER_LIMIT_MS);
    socket.once('data', () => end(resolve));
    socket.once('close', () => fail('The server closed the connection of the device'));
    socket.write(frame);
  });
}
