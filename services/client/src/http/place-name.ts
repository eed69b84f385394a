/** Names of places as files have them, made into names we keep. */

/** As `NameSchema` allows. */
const MAX_NAME_LENGTH = 200;
/** What no name holds: control characters, and marks that turn the text around them. */
// oxlint-disable-next-line no-control-regex
const UNWANTED = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g;
/** Half of a character of two: what is left when a text was cut in between. */
const HALF_CHARACTERS = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * The name of a place of a file: one line without control characters, cut to what a name may have, and where
 * nothing is left one that tells which it was.
 * @param index its number in the file, from 0.
 */
export function toPlaceName(text: string, index: number): string {
  const plain = text.replaceAll(UNWANTED, ' ').replaceAll(HALF_CHARACTERS, '');
  const line = plain.replaceAll(/\s+/g, ' ').trim();
  const name = line.slice(0, MAX_NAME_LENGTH).replaceAll(HALF_CHARACTERS, '').trimEnd();
  return name === '' ? `Place ${index + 1}` : name;
}
