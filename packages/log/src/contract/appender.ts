/** The program of the process that the crash tests kill: it appends for ever and prints what was acknowledged. */
import { trustedId, type Lane } from '@followme/model';
import type { Log } from '../port.ts';

/** One acknowledged append. */
export interface Acknowledgement {
  readonly round: number;
  readonly lane: number;
  readonly number: number;
  readonly sequence: number;
}

const HEADER_BYTES = 12;
const MAX_BODY_BYTES = 8_000;

/** The bytes that round `round` appends as its `number`-th record of `lane`: all sizes, all different. */
export function appendedPayload({
  round,
  lane,
  number,
}: Omit<Acknowledgement, 'sequence'>): Buffer {
  const size = HEADER_BYTES + ((number * 7_919 + lane * 613) % MAX_BODY_BYTES);
  const payload = Buffer.alloc(size, number % 251);
  payload.writeUInt32BE(round, 0);
  payload.writeUInt32BE(lane, 4);
  payload.writeUInt32BE(number, 8);
  return payload;
}

/** Which record of the crash tests a payload claims to be. */
export function claimOf(payload: Uint8Array): Omit<Acknowledgement, 'sequence'> {
  const bytes = Buffer.from(payload);
  return {
    round: bytes.readUInt32BE(0),
    lane: bytes.readUInt32BE(4),
    number: bytes.readUInt32BE(8),
  };
}

/** Appends to every lane of the positions at once, four under way in each, until the process is killed. */
export async function runAppender(log: Log, round: number): Promise<void> {
  const lanes = Array.from({ length: log.lanes('positions') }, (_, lane) => lane);
  await Promise.all(lanes.map((lane) => appendForEver(log, round, trustedId<Lane>(lane))));
}

async function appendForEver(log: Log, round: number, lane: Lane): Promise<never> {
  for (let number = 0; ; number += 4) {
    const numbers = [number, number + 1, number + 2, number + 3];
    await Promise.all(
      numbers.map(async (one) => {
        const payload = appendedPayload({ round, lane, number: one });
        const { sequence } = await log.append('positions', lane, payload);
        process.stdout.write(`${round} ${lane} ${one} ${sequence}\n`);
      }),
    );
  }
}

/** What a line of the appender says. */
export function parseAcknowledgement(line: string): Acknowledgement {
  const [round = NaN, lane = NaN, number = NaN, sequence = NaN] = line.split(' ').map(Number);
  return { round, lane, number, sequence };
}
