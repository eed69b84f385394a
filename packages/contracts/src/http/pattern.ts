/** The forms of texts in requests, each with the words a text without it is refused with. */

/** A name people give: not only blanks, no control characters. */
export const NAME_PATTERN = '^(?=.*\\S)[^\\u0000-\\u001f\\u007f]*$';
/** Name of a device family. */
export const PROTOCOL_PATTERN = '^[a-z0-9][a-z0-9-]*$';
/** What a device calls itself. */
export const IDENTIFIER_PATTERN = '^[\\x21-\\x7e]+$';
/** A colour: `#rrggbb`, lower case. */
export const COLOUR_PATTERN = '^#[0-9a-f]{6}$';
/** A file in the folder of maps; no name of it leads elsewhere. */
export const MAP_FILE_PATTERN = '^[\\w .()-]+\\.pmtiles$';
/** An address on the web. */
export const WEB_ADDRESS_PATTERN = '^https?://';
/** Bytes as text. */
export const BASE64_PATTERN = '^[A-Za-z0-9+/]+={0,2}$';
/** A text of several lines: not only blanks, no control characters but those between lines and words. */
export const TEXT_PATTERN =
  '^(?=[\\s\\S]*\\S)[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$';

/** What is said of a field that does not fit a pattern, after its name; every pattern of a request has words. */
export const PATTERN_WORDS: Readonly<Record<string, string>> = {
  [NAME_PATTERN]: 'must not be blank and must not hold control characters',
  [PROTOCOL_PATTERN]: 'must be lower-case letters, digits and hyphens',
  [TEXT_PATTERN]: 'must not be blank and must not hold control characters',
  [IDENTIFIER_PATTERN]: 'must be printable ASCII characters without blanks',
  [COLOUR_PATTERN]: 'must be a colour like #2b59d9, in lower case',
  [MAP_FILE_PATTERN]: 'must be the name of a .pmtiles file',
  [WEB_ADDRESS_PATTERN]: 'must begin with https:// or http://',
  [BASE64_PATTERN]: 'must be Base64',
};
