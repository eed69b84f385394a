/**
 * What the server says to a device: `@@` flag length `,` identity `,` command `,` content `*` checksum CR LF.
 * The length is the true one, from the first comma to the end.
 */
import { hexByte, hexDigit, sumOf } from './checksum.ts';

/** `*`, two digits, CR, LF. */
const TRAILER_BYTES = 5;

/**
 * A frame to the device. `content` is ours, never a user's: it must not hold commas or control characters. A
 * command without content has none.
 */
export function encodeReply(reply: {
  readonly flag: string;
  readonly identity: string;
  readonly command: string;
  readonly content?: string;
}): Buffer {
  const content = reply.content === undefined ? '' : `,${reply.content}`;
  const body = `,${reply.identity},${reply.command}${content}`;
  const covered = Buffer.from(`@@${reply.flag}${body.length + TRAILER_BYTES}${body}*`, 'latin1');
  const trailer = Buffer.from(`${hexByte(sumOf(covered, 0, covered.length))}\r\n`, 'latin1');
  return Buffer.concat([covered, trailer]);
}

/** What a device makes of a reply. */
export interface Confirmation {
  readonly flag: string;
  readonly identity: string;
  /** `CCC` or `CCE`. */
  readonly command: string;
  /** Records the server has stored, oldest first: the device may forget them. */
  readonly records: number;
}

const CONFIRMATION =
  /^@@(.)(\d{1,5}),([0-9A-Za-z]{1,24}),(CC[CE]),(\d{1,5})\*([0-9A-Fa-f]{2})\r\n$/;

/** Reads a reply to `CCC` or `CCE` as a device does; null when it is none or its checksum is wrong. */
export function parseConfirmation(line: Buffer): Confirmation | null {
  const match = CONFIRMATION.exec(line.toString('latin1'));
  if (match === null) return null;
  const [, flag = '', declared = '', identity = '', command = '', records = ''] = match;
  const checksum = hexDigit(line[line.length - 4]) * 16 + hexDigit(line[line.length - 3]);
  if (sumOf(line, 0, line.length - 4) !== checksum) return null;
  if (Number(declared) !== line.length - 3 - declared.length) return null;
  return { flag, identity, command, records: Number(records) };
}
