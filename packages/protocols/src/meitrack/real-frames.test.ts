/**
 * Frames of real devices. They lie beside the project, not in it; where they are absent the tests are
 * skipped and counted.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createFrameReader, type FramePosition } from '../frame-reader.ts';
import { createMeitrackFramer } from './frame.ts';
import { meitrack } from './protocol.ts';

interface SecondReading {
  readonly time: string;
  readonly valid: boolean;
  readonly lat: number;
  readonly lon: number;
  readonly speed_kmh: number;
  readonly course: number;
  readonly alt: number;
  readonly id: string;
  readonly event: number;
  readonly sats: number;
  readonly rssi?: number;
  readonly hdop?: number;
  readonly battery_pct?: number;
  readonly odometer_m?: number;
}
interface FrameCase {
  readonly case: string;
  readonly kind: 'text' | 'binary';
  readonly frame: string;
  readonly expect: 'position' | 'positions' | 'position-or-attributes' | 'not-null' | 'null';
  readonly attributes: Readonly<Record<string, unknown>> | null;
  readonly second_reading: readonly SecondReading[] | null;
}
interface SplittingCase {
  readonly input_hex: string;
  readonly output_hex: string | null;
}
interface AckCase {
  readonly protocol: string;
  readonly request_hex?: string;
  readonly request?: string;
  readonly response_hex?: string;
  readonly response?: string;
}

const folder = fileURLToPath(new URL('../../../../../shared/data/frames/', import.meta.url));
/** So many frames the folder holds: the count of what is skipped without it. */
const FRAMES_WHEN_PRESENT = 33;
const isPresent = existsSync(`${folder}meitrack.json`);

/** Cases of a file; none where the folder is absent. */
function load<T>(file: string): readonly T[] {
  // the files are written by our own hands in this form; a wrong one fails the test
  return isPresent ? (JSON.parse(readFileSync(`${folder}${file}`, 'utf8')) as T[]) : [];
}

const bytesOf = (frame: FrameCase): Buffer =>
  Buffer.from(frame.frame, frame.kind === 'binary' ? 'hex' : 'latin1');

/**
 * Where the second reading is known to be wrong.
 * 177-50: its records have one byte for the signal, the other reader took two; from there on each of its
 * values is shifted by one byte (a speed of 47,872 km/h). The fields before that byte must agree.
 */
const SHIFTED_AFTER_SATELLITES = new Set(['177-50']);

/** What the source states as attributes, in our words. */
const STATED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  // the source puts the photo into a folder of the day; the frame holds the name
  '21-2': { photoName: '20250607122041_CH1_dca.jpg' },
  // stated in milliseconds
  '29-4': { engineTimeS: 38_670_900 },
  '48-9': { locked: true },
  '65-14': { externalPowerV: 13.95 },
  '78-18': { inputs: 8 },
};
const EDITED = ['29-4', '65-14', '85-20', '100-25', '140-38'];
/** Stated attributes of a frame without a fix: the answer to a command, which is no position of ours. */
const ANSWERS_WITHOUT_FIX = new Set(['52-10']);

function expectSecondReading(position: FramePosition, reading: SecondReading, name: string): void {
  expect(position).toMatchObject({
    id: reading.id,
    fixTime: reading.time,
    valid: reading.valid,
    lat: reading.lat,
    lon: reading.lon,
  });
  expect(position.attributes).toMatchObject({ eventCode: reading.event });
  if (SHIFTED_AFTER_SATELLITES.has(name)) return;
  expect(position.speedMps).toBeCloseTo(reading.speed_kmh / 3.6, 5);
  expect(position).toMatchObject({ headingDeg: reading.course, altitudeM: reading.alt });
  expect(position.attributes).toMatchObject({
    satellites: reading.sats,
    ...(reading.rssi === undefined ? {} : { gsmSignal: reading.rssi }),
    ...(reading.hdop === undefined ? {} : { hdop: reading.hdop }),
    ...(reading.battery_pct === undefined ? {} : { batteryPct: reading.battery_pct }),
    ...(reading.odometer_m === undefined ? {} : { odometerM: reading.odometer_m }),
  });
}

function expectPhysical(position: FramePosition): void {
  const { lat, lon, speedMps, headingDeg, altitudeM } = position;
  expect(Math.abs(lat)).toBeLessThanOrEqual(90);
  expect(Math.abs(lon)).toBeLessThanOrEqual(180);
  expect(speedMps ?? 0).toBeLessThan(120);
  expect(headingDeg ?? 0).toBeLessThan(360);
  expect(Math.abs(altitudeM ?? 0)).toBeLessThan(9_000);
  expect(Date.parse(position.fixTime)).toBeGreaterThan(Date.UTC(2000));
}

describe.skipIf(!isPresent)('frames of real devices', () => {
  const cases = load<FrameCase>('meitrack.json');

  test.each(cases)('$case reads as expected ($expect)', (frame) => {
    const reading = createFrameReader(meitrack).read(bytesOf(frame));
    if ('error' in reading) expect.fail(`got ${reading.error}`);
    const { positions } = reading;
    if (frame.expect === 'null' || ANSWERS_WITHOUT_FIX.has(frame.case)) {
      expect(positions).toEqual([]);
      return;
    }
    expect(positions.length).toBe(frame.second_reading?.length ?? 1);
    for (const [index, position] of positions.entries()) {
      expectPhysical(position);
      const second = frame.second_reading?.[index];
      if (second !== undefined) expectSecondReading(position, second, frame.case);
    }
    if (frame.attributes !== null) expect(STATED).toHaveProperty([frame.case]);
    expect(positions[0]?.attributes).toMatchObject(STATED[frame.case] ?? {});
  });

  test('only frames whose identity or values were edited by hand have wrong checksums', () => {
    const mismatches = cases.filter((frame) => {
      let isWrong = false;
      meitrack.createDecoder().decode(bytesOf(frame), 0, bytesOf(frame).length, {
        onIdentity: () => true,
        onFix: () => undefined,
        onReply: () => undefined,
        onDropped: () => undefined,
        onChecksumMismatch() {
          isWrong = true;
        },
      });
      return isWrong;
    });
    expect(mismatches.map((frame) => frame.case)).toEqual(EDITED);
  });

  test('all binary frames on one connection, byte by byte, come out as they went in', () => {
    const binary = cases.filter((frame) => frame.kind === 'binary' && frame.expect !== 'null');
    const framer = createMeitrackFramer({ maxFrameBytes: 8_192 });
    const framed: string[] = [];
    for (const byte of Buffer.concat(binary.map(bytesOf))) {
      framer.push(Buffer.from([byte]), {
        onFrame: (buffer, start, end) => void framed.push(buffer.toString('hex', start, end)),
        onSkipped: (bytes, reason) => expect.fail(`${bytes} bytes skipped: ${reason}`),
      });
    }
    expect(framed).toEqual(binary.map((frame) => frame.frame));
  });
});

describe.skipIf(!isPresent)('splitting of real streams', () => {
  test.each(load<SplittingCase>('meitrack.splitting.json'))(
    'case %#',
    ({ input_hex, output_hex }) => {
      const framer = createMeitrackFramer({ maxFrameBytes: 8_192 });
      const framed: string[] = [];
      framer.push(Buffer.from(input_hex, 'hex'), {
        onFrame: (buffer, start, end) => void framed.push(buffer.toString('hex', start, end)),
        onSkipped: () => undefined,
      });
      expect(framed).toEqual(output_hex === null ? [] : [output_hex]);
    },
  );
});

describe.skipIf(!isPresent)('replies of real servers', () => {
  const acks = load<AckCase>('acks.json').filter((ack) => ack.protocol === 'meitrack');

  test('each recorded request gets the recorded reply', () => {
    for (const ack of acks) {
      const request = Buffer.from(
        ack.request_hex ?? ack.request ?? '',
        ack.request_hex ? 'hex' : 'latin1',
      );
      const response = Buffer.from(
        ack.response_hex ?? ack.response ?? '',
        ack.response_hex ? 'hex' : 'latin1',
      );
      expect(createFrameReader(meitrack).read(request)).toMatchObject({
        reply: response.toString('hex'),
      });
    }
  });
});

if (!isPresent) {
  const absent = Array.from({ length: FRAMES_WHEN_PRESENT }, (_, index) => index + 1);
  test.skip.each(absent)(
    `real frame %i of ${FRAMES_WHEN_PRESENT}: its folder is absent`,
    () => undefined,
  );
}
