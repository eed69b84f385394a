/**
 * Volts from the readings AD4 (battery) and AD5 (external power). A frame does not say which of three
 * converters its device has, but a lithium cell does: the ranges in which each of them shows 2.5 … 5 V
 * hardly touch.
 * - hundredths of a volt (T3xx and later): 250 … 440
 * - 10 bits (MVT340, MVT380): AD4 × 3 × 2 ⁄ 1024, AD5 × 3 × 16 ⁄ 1024: 441 … 853
 * - 12 bits (MT90, MVT100 and kin): AD4 × 3.3 × 2 ⁄ 4096, AD5 × 3.3 × 16 ⁄ 4096: 1552 … 3103
 * A battery reading outside them tells nothing: both values then stay raw.
 */
import type { RowDraft } from '@followme/model';

/** Millivolts of battery and of external power per count of a converter. */
interface Converter {
  readonly batteryMv: number;
  readonly powerMv: number;
}

const HUNDREDTHS: Converter = { batteryMv: 10, powerMv: 10 };
const TEN_BITS: Converter = { batteryMv: 6_000 / 1_024, powerMv: 48_000 / 1_024 };
/** The converter of the MT90. */
export const TWELVE_BITS: Converter = { batteryMv: 6_600 / 4_096, powerMv: 52_800 / 4_096 };

function converterOf(batteryReading: number): Converter | null {
  if (batteryReading >= 250 && batteryReading <= 440) return HUNDREDTHS;
  if (batteryReading >= 441 && batteryReading <= 853) return TEN_BITS;
  if (batteryReading >= 1_552 && batteryReading <= 3_103) return TWELVE_BITS;
  return null;
}

/** Adds `batteryV` and `externalPowerV`, or the raw readings; −1 = the frame has no such reading. */
export function addVoltages(draft: RowDraft, batteryReading: number, powerReading: number): void {
  const converter = converterOf(batteryReading);
  if (converter === null) {
    if (batteryReading > 0) draft.addNumber('ad4Raw', batteryReading);
    if (powerReading > 0) draft.addNumber('ad5Raw', powerReading);
    return;
  }
  draft.addFixedPoint('batteryV', (batteryReading * converter.batteryMv + 0.5) | 0, 3);
  if (powerReading >= 0) {
    draft.addFixedPoint('externalPowerV', (powerReading * converter.powerMv + 0.5) | 0, 3);
  }
}
