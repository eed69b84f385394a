/** The process that the crash tests kill: `node appender.program.ts <folder> <round>`. */
import { createMetrics, silentLogger, systemClock } from '@followme/platform';
import { runAppender } from '../contract/appender.ts';
import { CONTRACT_LANES } from '../contract/subject.ts';
import { createLmdbLog } from './lmdb-log.ts';

const [path = '', round = '0'] = process.argv.slice(2);
const log = await createLmdbLog({
  path,
  lanes: CONTRACT_LANES,
  clock: systemClock,
  logger: silentLogger,
  metrics: createMetrics(),
});
await runAppender(log, Number(round));
