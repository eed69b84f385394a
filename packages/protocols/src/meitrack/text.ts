/**
 * The text record `AAA`: a fix as comma-separated fields. Field numbers count from the one after `AAA`.
 *
 * 0 event, 1 latitude, 2 longitude, 3 time yymmddHHMMSS (UTC), 4 A|V, 5 satellites, 6 signal, 7 km/h,
 * 8 heading, 9 HDOP, 10 altitude, 11 odometer m, 12 run time s, 13 mcc|mnc|lac|ci, 14 ports (hex),
 * 15 AD1|…|AD5 (hex), 16 what the event is about, 17 reserved, 18 protocol version, 19 fuel, 20 temperatures.
 * The cell becomes `cell: [mcc, mnc, lac, ci]`.
 *
 * Later models add fields at the end, older ones stop earlier, some put one number before the event and some
 * clones write volts with a decimal point; everything after the fifth field may be missing.
 */
import { FLAG, type RowDraft } from '@followme/model';
import type { DropReason } from '../protocol.ts';
import { isTwelveDigits, parseTextTime } from './calendar.ts';
import { setEvent } from './event-code.ts';
import { PartCursor, parseHex, parseScaled, type FieldTable } from './fields.ts';
import {
  addConnected,
  addGsmSignal,
  addKnown,
  addPorts,
  isOnEarth,
  setAltitudeM,
  setHeadingDeg,
  setSpeedKmh,
} from './limits.ts';
import { addVoltages } from './voltage.ts';

const POINT = 0x2e;
const VALID = 0x41;
const INVALID = 0x56;
/** Longest text about an event that is kept. */
const MAX_EVENT_TEXT_BYTES = 64;
/** From this protocol version on a temperature is hundredths in 16 bits, before it is degrees and hundredths. */
const TEMPERATURE_16_BIT_VERSION = 3;
const MAX_TEMPERATURES = 8;
const MAX_EVENT_CODE = 65_535;

function isTime(fields: FieldTable, index: number): boolean {
  return isTwelveDigits(fields.buffer, fields.start(index), fields.end(index));
}

/** Reads fields into drafts; keeps its cursor from frame to frame. */
export class TextReader {
  readonly #parts = new PartCursor();

  /** Sets what the fields say; the reason when they are no fix, and the draft is then of no use. */
  read(fields: FieldTable, draft: RowDraft): DropReason | null {
    // a number before the event shifts everything by one; the time is where twelve digits are
    const first = !isTime(fields, 3) && isTime(fields, 4) ? 1 : 0;
    const reason = this.#readFix(fields, first, draft);
    if (reason !== null) return reason;
    this.#readMotion(fields, first, draft);
    this.#readNetwork(fields, first + 13, draft);
    if (fields.has(first + 14)) {
      addPorts(draft, parseHex(fields.buffer, fields.start(first + 14), fields.end(first + 14)));
    }
    this.#readVoltages(fields, first + 15, draft);
    this.#readExtras(fields, first, draft);
    return null;
  }

  #readFix(fields: FieldTable, first: number, draft: RowDraft): DropReason | null {
    const eventCode = fields.unsigned(first);
    const latE7 = fields.scaled(first + 1, 7);
    const lonE7 = fields.scaled(first + 2, 7);
    const validity = fields.has(first + 4) ? fields.buffer[fields.start(first + 4)] : 0;
    const timeStart = fields.start(first + 3);
    if (
      eventCode < 0 ||
      eventCode > MAX_EVENT_CODE ||
      Number.isNaN(latE7) ||
      Number.isNaN(lonE7) ||
      !isTime(fields, first + 3) ||
      (validity !== VALID && validity !== INVALID)
    ) {
      return 'malformed';
    }
    const fixTimeMs = parseTextTime(fields.buffer, timeStart);
    if (Number.isNaN(fixTimeMs) || !isOnEarth(lonE7, latE7)) return 'outOfRange';
    draft.setFixTimeMs(fixTimeMs);
    draft.setLonLatE7(lonE7, latE7);
    setEvent(draft, eventCode);
    if (validity === VALID) draft.setFlag(FLAG.valid);
    return null;
  }

  #readMotion(fields: FieldTable, first: number, draft: RowDraft): void {
    const satellites = fields.unsigned(first + 5);
    if (satellites >= 0) draft.setSatellitesInUse(satellites);
    addGsmSignal(draft, fields.unsigned(first + 6));
    setSpeedKmh(draft, fields.scaled(first + 7, 2) / 100);
    setHeadingDeg(draft, fields.scaled(first + 8, 0));
    const hdopTenths = fields.scaled(first + 9, 1);
    if (hdopTenths >= 0) draft.addFixedPoint('hdop', hdopTenths, 1);
    setAltitudeM(draft, fields.scaled(first + 10, 0));
    addKnown(draft, 'odometerM', fields.unsigned(first + 11));
    addKnown(draft, 'runTimeS', fields.unsigned(first + 12));
  }

  #readNetwork(fields: FieldTable, index: number, draft: RowDraft): void {
    const parts = this.#parts;
    parts.open(fields, index);
    const mcc = parts.nextUnsigned();
    if (mcc <= 0) return;
    draft.addIntegers('cell', [mcc, parts.nextUnsigned(), parts.nextHex(), parts.nextHex()]);
  }

  #readVoltages(fields: FieldTable, index: number, draft: RowDraft): void {
    const parts = this.#parts;
    parts.open(fields, index);
    const ad1 = parts.nextHex();
    if (ad1 < 0 && fields.contains(index, POINT)) {
      this.#readDecimalVoltages(fields, index, draft);
      return;
    }
    addConnected(draft, 'ad1Raw', ad1);
    addConnected(draft, 'ad2Raw', parts.nextHex());
    addConnected(draft, 'ad3Raw', parts.nextHex());
    addVoltages(draft, parts.nextHex(), parts.nextHex());
  }

  /** A clone writes volts: battery, external power, then its inputs. */
  #readDecimalVoltages(fields: FieldTable, index: number, draft: RowDraft): void {
    const parts = this.#parts;
    parts.open(fields, index);
    for (const key of ['batteryV', 'externalPowerV', 'ad1V', 'ad2V', 'ad3V'] as const) {
      if (!parts.next()) return;
      const millivolts = parseScaled(parts.buffer, parts.start, parts.end, 3);
      if (millivolts >= 0) draft.addFixedPoint(key, millivolts, 3);
    }
  }

  #readExtras(fields: FieldTable, first: number, draft: RowDraft): void {
    const about = first + 16;
    if (fields.has(about)) {
      const end = Math.min(fields.end(about), fields.start(about) + MAX_EVENT_TEXT_BYTES);
      draft.addText('eventText', fields.buffer.toString('latin1', fields.start(about), end));
    }
    if (fields.end(first + 19) - fields.start(first + 19) === 4) {
      const whole = parseHex(fields.buffer, fields.start(first + 19), fields.start(first + 19) + 2);
      const cents = parseHex(fields.buffer, fields.start(first + 19) + 2, fields.end(first + 19));
      if (whole >= 0 && whole <= 100 && cents >= 0 && cents < 100 && whole + cents > 0) {
        draft.addFixedPoint('fuelPct', whole * 100 + cents, 2);
      }
    }
    if (fields.has(first + 20)) this.#readTemperatures(fields, first, draft);
  }

  /** Each temperature is six hexadecimal digits: the sensor, then its value. */
  #readTemperatures(fields: FieldTable, first: number, draft: RowDraft): void {
    const is16Bit = fields.unsigned(first + 18) >= TEMPERATURE_16_BIT_VERSION;
    const parts = this.#parts;
    parts.open(fields, first + 20);
    for (let i = 0; i < MAX_TEMPERATURES && parts.next(); i += 1) {
      if (parts.end - parts.start !== 6) continue;
      const sensor = parseHex(parts.buffer, parts.start, parts.start + 2);
      const value = parseHex(parts.buffer, parts.start + 2, parts.end);
      if (sensor < 0 || value < 0) continue;
      const degrees = (value << 16) >> 24;
      const hundredths = is16Bit
        ? (value << 16) >> 16
        : degrees * 100 + (degrees < 0 ? -1 : 1) * (value & 0xff);
      draft.addNumber(`temperature${sensor}C`, hundredths / 100);
    }
  }
}
