/** What a reading may be at most; a value beyond is no measurement and stays unknown. */
import type { RowDraft } from '@followme/model';

const MAX_LON_E7 = 1_800_000_000;
const MAX_LAT_E7 = 900_000_000;
/** Faster than any vehicle that carries such a device. */
const MAX_SPEED_KMH = 1_200;
const MIN_ALTITUDE_M = -1_000;
const MAX_ALTITUDE_M = 20_000;
/** 99 = the modem does not know (3GPP TS 27.007, +CSQ). */
const MAX_GSM_SIGNAL = 31;
const KMH_PER_MPS = 3.6;

/** Whether degrees × 10⁷ lie on the earth; false for NaN. */
export function isOnEarth(lonE7: number, latE7: number): boolean {
  return Math.abs(lonE7) <= MAX_LON_E7 && Math.abs(latE7) <= MAX_LAT_E7;
}

/** Sets the speed from km/h when it is one. */
export function setSpeedKmh(draft: RowDraft, speedKmh: number): void {
  if (speedKmh >= 0 && speedKmh <= MAX_SPEED_KMH) draft.setSpeedMps(speedKmh / KMH_PER_MPS);
}

/** Sets the heading when it is one; 360 is north again. */
export function setHeadingDeg(draft: RowDraft, headingDeg: number): void {
  if (headingDeg >= 0 && headingDeg <= 360) draft.setHeadingDeg(headingDeg % 360);
}

/** Sets the altitude when it is one. */
export function setAltitudeM(draft: RowDraft, altitudeM: number): void {
  if (altitudeM >= MIN_ALTITUDE_M && altitudeM <= MAX_ALTITUDE_M) draft.setAltitudeM(altitudeM);
}

/** Adds the signal strength 0 … 31 of +CSQ when it is one. */
export function addGsmSignal(draft: RowDraft, signal: number): void {
  if (signal >= 0 && signal <= MAX_GSM_SIGNAL) draft.addNumber('gsmSignal', signal);
}

/** Adds a count that is known: negative = the frame does not say. */
export function addKnown(draft: RowDraft, key: string, value: number): void {
  if (value >= 0) draft.addNumber(key, value);
}

/** Adds a reading that is 0 when nothing is connected: that is the rule, and not worth bytes in every row. */
export function addConnected(draft: RowDraft, key: string, reading: number): void {
  if (reading > 0) draft.addNumber(key, reading);
}

/** Adds the 16 bits of the ports: inputs 1 … 8 in the high byte, outputs 1 … 8 in the low one; 0 = all off. */
export function addPorts(draft: RowDraft, state: number): void {
  if (state <= 0) return;
  addConnected(draft, 'inputs', (state >> 8) & 0xff);
  addConnected(draft, 'outputs', state & 0xff);
}
