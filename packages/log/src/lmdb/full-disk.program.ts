/**
 * The process of the full-disk test: `node full-disk.program.ts <folder>`, under a limit on the size of its
 * files. Appends until one is refused, tries once more, prints what happened as JSON.
 */
import { trustedId, type Lane } from '@followme/model';
import { createMetrics, silentLogger, systemClock } from '@followme/platform';
import { CONTRACT_LANES } from '../contract/subject.ts';
import { LogError } from '../port.ts';
import { createLmdbLog } from './lmdb-log.ts';

const RECORD_BYTES = 100_000;

const [path = ''] = process.argv.slice(2);
const log = await createLmdbLog({
  path,
  lanes: CONTRACT_LANES,
  clock: systemClock,
  logger: silentLogger,
  metrics: createMetrics(),
});
const sequences: number[] = [];
const refusals: string[] = [];
while (refusals.length < 2) {
  try {
    const payload = new Uint8Array(RECORD_BYTES).fill(sequences.length);
    const { sequence } = await log.append('positions', trustedId<Lane>(0), payload);
    sequences.push(sequence);
  } catch (error) {
    refusals.push(error instanceof LogError ? error.code : String(error));
  }
}
const { last } = await log.bounds('positions', trustedId<Lane>(0));
await log.close();
process.stdout.write(JSON.stringify({ sequences, refusals, last }));
