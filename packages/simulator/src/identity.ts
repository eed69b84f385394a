/** Identities of virtual trackers: fifteen digits as an IMEI has them, the last one a Luhn check digit. */

const TYPE_DIGITS = 6;
const SERIAL_DIGITS = 6;
/** Most trackers of one seed. */
export const MAX_TRACKERS = 10 ** SERIAL_DIGITS;

/** The check digit of ISO/IEC 7812-1 (Luhn) over `digits`. */
function luhnDigit(digits: string): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 0x30;
    const weighted = i % 2 === 0 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return (10 - (sum % 10)) % 10;
}

/** FNV-1a over the seed's text: fleets of other seeds have other identities. */
function typeOf(seed: string | number): string {
  let hash = 0x811c9dc5;
  for (const character of String(seed)) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return String((hash >>> 0) % 10 ** TYPE_DIGITS).padStart(TYPE_DIGITS, '0');
}

/**
 * The identity under which tracker `index` (0 …) of the fleet with this seed reports, and must be registered.
 * @throws RangeError when the index is beyond what one seed can tell apart.
 */
export function registerIdentity(seed: string | number, index: number): string {
  if (!Number.isInteger(index) || index < 0 || index >= MAX_TRACKERS) {
    throw new RangeError(`Got tracker ${index}, expected 0 … ${MAX_TRACKERS - 1}`);
  }
  const digits = `86${typeOf(seed)}${String(index).padStart(SERIAL_DIGITS, '0')}`;
  return `${digits}${luhnDigit(digits)}`;
}
