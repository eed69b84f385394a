/** What the server tells a device unasked (vendor document "GPRS Protocol", section "Command Details"). */
import type { CommandKind } from '@followme/model';
import { hexDigit, sumOf } from './checksum.ts';
import { encodeReply } from './reply.ts';

/** "Real-Time Location Query": the device answers with a report whose event says so (34). */
const LOCATE = 'A10';
/** The device repeats it in its answer; nobody waits for it by this byte. */
const FLAG = 'L';
/** What the framer accepts from a device; anything else would break out of its field. */
const IDENTITY = /^[0-9A-Za-z]{1,24}$/;

/** The frame of a command, e.g. `@@L25,861234567890123,A10*68\r\n`; null for an identity that is none. */
export function encodeCommand(kind: CommandKind, identity: string): Buffer | null {
  if (!IDENTITY.test(identity)) return null;
  switch (kind) {
    case 'locate':
      return encodeReply({ flag: FLAG, identity, command: LOCATE });
  }
}

const LOCATE_QUERY = /^@@(.)(\d{1,5}),([0-9A-Za-z]{1,24}),A10\*([0-9A-Fa-f]{2})\r\n$/;

/** Reads the query for the present position as a device does; the identity it is for, or null when it is none. */
export function parseLocateQuery(line: Buffer): string | null {
  const match = LOCATE_QUERY.exec(line.toString('latin1'));
  if (match === null) return null;
  const [, , declared = '', identity = ''] = match;
  const checksum = hexDigit(line[line.length - 4]) * 16 + hexDigit(line[line.length - 3]);
  if (sumOf(line, 0, line.length - 4) !== checksum) return null;
  return Number(declared) === line.length - 3 - declared.length ? identity : null;
}
