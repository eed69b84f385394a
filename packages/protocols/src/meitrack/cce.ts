/**
 * The binary frame `CCE`: each record is four groups of numbered parameters, little-endian, with values of
 * one byte, of two, of four, and of a length of their own. A parameter's number is one byte, or two when the
 * first is 0xFE. What a record does not mention stays unknown; numbers not listed here are skipped.
 *
 * Body: `,` records still held u32, records in this frame u16, then per record: bytes that follow u16, number
 * of parameters u16, and the groups, each led by its count u8.
 */
import { FLAG, type RowDraft } from '@followme/model';
import type { DropReason } from '../protocol.ts';
import { SECONDS_1970_TO_2000 } from './calendar.ts';
import { setEvent } from './event-code.ts';
import {
  addConnected,
  addGsmSignal,
  isOnEarth,
  setAltitudeM,
  setHeadingDeg,
  setSpeedKmh,
} from './limits.ts';

/** Bytes between `CCE` and the first record. */
export const CCE_HEADER_BYTES = 7;
/** Bytes before the groups of a record: its length and its number of parameters. */
export const CCE_RECORD_HEADER_BYTES = 4;

const EXTENDED = 0xfe;
const LOCKED = 2;
const MAX_TEXT_BYTES = 64;
/** Value of a coordinate or time that the record has not given. */
const MISSING = Number.NaN;

/** Walks one record; keeps no state between records. */
export class CceReader {
  #buffer: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;
  #latE7 = MISSING;
  #lonE7 = MISSING;
  #fixTimeMs = MISSING;

  /** Sets what the groups in `buffer[at, end)` say; the reason when they are no fix. */
  read(buffer: Buffer, at: number, end: number, draft: RowDraft): DropReason | null {
    this.#buffer = buffer;
    this.#at = at;
    this.#end = end;
    this.#latE7 = MISSING;
    this.#lonE7 = MISSING;
    this.#fixTimeMs = MISSING;
    const isWhole =
      this.#readGroup(1, draft) &&
      this.#readGroup(2, draft) &&
      this.#readGroup(4, draft) &&
      this.#readGroup(0, draft);
    if (!isWhole || Number.isNaN(this.#latE7 + this.#lonE7 + this.#fixTimeMs)) return 'malformed';
    if (!isOnEarth(this.#lonE7, this.#latE7)) return 'outOfRange';
    draft.setLonLatE7(this.#lonE7, this.#latE7);
    draft.setFixTimeMs(this.#fixTimeMs);
    return null;
  }

  /** Reads a group of values of `width` bytes (0 = each says its own); false when it leaves the record. */
  #readGroup(width: 0 | 1 | 2 | 4, draft: RowDraft): boolean {
    if (this.#at >= this.#end) return false;
    const count = this.#buffer[this.#at] ?? 0;
    this.#at += 1;
    for (let i = 0; i < count; i += 1) {
      const lead = this.#buffer[this.#at] ?? 0;
      const isExtended = lead === EXTENDED;
      const id = isExtended ? (lead << 8) | (this.#buffer[this.#at + 1] ?? 0) : lead;
      let at = this.#at + (isExtended ? 2 : 1);
      if (width === 0) at += 1;
      const bytes = width === 0 ? (this.#buffer[at - 1] ?? 0) : width;
      if (at + bytes > this.#end) return false;
      this.#at = at + bytes;
      if (width === 1) this.#setByte(id, this.#buffer[at] ?? 0, draft);
      else if (width === 2) this.#setShort(id, this.#buffer.readUInt16LE(at), draft);
      else if (width === 4) this.#setWord(id, this.#buffer.readUInt32LE(at), draft);
      else this.#setBlock(id, at, bytes, draft);
    }
    return true;
  }

  #setByte(id: number, value: number, draft: RowDraft): void {
    if (id === 0x01) setEvent(draft, value);
    else if (id === 0x05) draft.setFlag(value > 0 ? FLAG.valid : 0);
    else if (id === 0x06) draft.setSatellitesInUse(value);
    else if (id === 0x07) addGsmSignal(draft, value);
    else if (id === 0x14) addConnected(draft, 'outputs', value);
    else if (id === 0x15) addConnected(draft, 'inputs', value);
    else if (id === 0x47 && value > 0) draft.addBoolean('locked', value === LOCKED);
    else if (id === 0x97) draft.addNumber('throttlePct', value);
    else if (id === 0x9d) draft.addNumber('fuelPct', value);
    else if (id === 0xfe69 && value <= 100) draft.setBatteryPct(value);
  }

  #setShort(id: number, value: number, draft: RowDraft): void {
    if (id === 0x08) setSpeedKmh(draft, value);
    else if (id === 0x09) setHeadingDeg(draft, value);
    else if (id === 0x0a) draft.addFixedPoint('hdop', value, 1);
    else if (id === 0x0b) setAltitudeM(draft, (value << 16) >> 16);
    else if (id >= 0x16 && id <= 0x18) addOpenOrVolts(draft, `ad${id - 0x15}V`, value);
    else if (id === 0x19) draft.addFixedPoint('batteryV', value, 2);
    else if (id === 0x1a) draft.addFixedPoint('externalPowerV', value, 2);
    else if (id === 0x29) draft.addFixedPoint('fuelPct', value, 2);
    else if (id === 0x40) setEvent(draft, value);
    else if (id === 0x91 || id === 0x92)
      draft.addNumber('obdSpeedMps', Math.round(value / 0.0036) / 1_000);
    else if (id === 0x99) draft.addNumber('engineRpm', value);
    else if (id === 0x9c) draft.addNumber('coolantC', (value << 16) >> 16);
  }

  #setWord(id: number, value: number, draft: RowDraft): void {
    if (id === 0x02) this.#latE7 = (value | 0) * 10;
    else if (id === 0x03) this.#lonE7 = (value | 0) * 10;
    else if (id === 0x04) this.#fixTimeMs = (SECONDS_1970_TO_2000 + value) * 1_000;
    else if (id === 0x0c) draft.addNumber('odometerM', value);
    else if (id === 0x0d) draft.addNumber('runTimeS', value);
    else if (id === 0x25) draft.addText('driverId', String(value));
    else if (id === 0x9b) draft.addNumber('obdOdometerM', value);
    else if (id === 0xa0) draft.addNumber('fuelUsedL', value / 1_000);
    else if (id === 0xfef4) draft.addNumber('engineTimeS', value * 60);
  }

  #setBlock(id: number, at: number, bytes: number, draft: RowDraft): void {
    if (id === 0x0e && bytes >= 10) this.#setCell(at, draft);
    else if (id >= 0x2a && id <= 0x31 && bytes >= 3) {
      draft.addNumber(`temperature${id - 0x29}C`, this.#buffer.readInt16LE(at + 1) / 100);
    } else if (id === 0x4b && bytes >= 3) this.#setText('networkType', at + 3, at + bytes, draft);
    else if (id === 0xfe31 && bytes >= 2) this.#setText('photoName', at + 2, at + bytes, draft);
    else if (id === 0xfea8 && bytes >= 2 && (this.#buffer[at] ?? 0) > 0) {
      const batteryPct = this.#buffer[at + 1] ?? 0;
      if (batteryPct <= 100) draft.setBatteryPct(batteryPct);
    }
  }

  /** mcc u16, mnc u16, lac u16, ci u32. */
  #setCell(at: number, draft: RowDraft): void {
    const mcc = this.#buffer.readUInt16LE(at);
    if (mcc === 0) return;
    const mnc = this.#buffer.readUInt16LE(at + 2);
    const lac = this.#buffer.readUInt16LE(at + 4);
    draft.addIntegers('cell', [mcc, mnc, lac, this.#buffer.readUInt32LE(at + 6)]);
  }

  #setText(key: string, start: number, end: number, draft: RowDraft): void {
    if (end <= start) return;
    draft.addText(
      key,
      this.#buffer.toString('latin1', start, Math.min(end, start + MAX_TEXT_BYTES)),
    );
  }
}

/** An analogue input in hundredths of a volt; an open one reads 0 and is not worth bytes in every row. */
function addOpenOrVolts(draft: RowDraft, key: string, value: number): void {
  if (value > 0) draft.addFixedPoint(key, value, 2);
}
