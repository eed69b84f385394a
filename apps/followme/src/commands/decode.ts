/** `followme decode`: what a device's frames say, one line each; for support and for tests of a family. */
import { createInterface } from 'node:readline';
import { createFrameReader, protocolByName, PROTOCOLS } from '@followme/protocols';
import { Command } from 'commander';
import { UsageError } from '../usage-error.ts';

const FAMILIES = PROTOCOLS.map(({ name }) => name).join(', ');

interface DecodeFlags {
  readonly protocol: string;
  readonly id?: string;
  readonly hex?: boolean;
}

export function decodeCommand(): Command {
  return new Command('decode')
    .description(
      'Reads one frame per line on standard input and prints one JSON object per frame. What a frame\n' +
        'tells the next ones (a login) is kept from line to line, as on one connection.',
    )
    .requiredOption('--protocol <name>', `device family: ${FAMILIES}`)
    .option('--id <id>', 'device identity for frames that carry none')
    .option('--hex', 'lines are hexadecimal bytes instead of text')
    .addHelpText(
      'after',
      '\nPrints {"positions":[{"id","fixTime","lat","lon","valid","speedMps","headingDeg","altitudeM",' +
        '"attributes"}],"reply":hex|null}\nor {"error":code} for a line that is no frame.',
    )
    .action(decode);
}

async function decode(flags: DecodeFlags): Promise<void> {
  const protocol = protocolByName(flags.protocol);
  if (protocol === undefined) {
    throw new UsageError(`--protocol: got "${flags.protocol}", expected one of ${FAMILIES}.`);
  }
  const reader = createFrameReader(protocol, flags.id === undefined ? {} : { id: flags.id });
  // a text frame may hold any byte: one character each, unchanged
  process.stdin.setEncoding('latin1');
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
  for await (const line of lines) {
    if (line === '') continue;
    const frame = flags.hex === true ? bytesOfHex(line) : Buffer.from(line, 'latin1');
    const outcome = frame === null ? { error: 'NOT_HEX' } : reader.read(frame);
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
  }
}

/** Bytes of hexadecimal text (spaces allowed), or null when it is none. */
function bytesOfHex(text: string): Buffer | null {
  const digits = text.replaceAll(/\s/g, '');
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) return null;
  return Buffer.from(digits, 'hex');
}
