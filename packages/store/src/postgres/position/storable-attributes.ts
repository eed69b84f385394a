/**
 * JSON text that jsonb takes. Two things are JSON and not jsonb: the character U+0000 and halves of
 * surrogate pairs, both of which a device may put into a text.
 */
const UNSTORABLE = /\\u0000|\\ud[89a-f]/i;

/**
 * The attributes with unstorable characters replaced by U+FFFD, never longer than before; null when the
 * bytes are no JSON object.
 */
export function storableAttributes(attributes: Buffer): Buffer | null {
  const text = attributes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text, (_, part: unknown) =>
      typeof part === 'string' ? part.replaceAll(/\0|\p{Surrogate}/gu, '\ufffd') : part,
    );
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return UNSTORABLE.test(text) ? Buffer.from(JSON.stringify(value)) : attributes;
}
