/** The process that the crash tests kill: `node appender.program.ts <url> <round>`. */
import { createMetrics, createRandom, silentLogger, systemClock } from '@followme/platform';
import { runAppender } from '../contract/appender.ts';
import { CONTRACT_LANES } from '../contract/subject.ts';
import { createJetStreamLog } from './open-jetstream.ts';

const [url = '', round = '0'] = process.argv.slice(2);
const log = await createJetStreamLog({
  url,
  lanes: CONTRACT_LANES,
  clock: systemClock,
  random: createRandom(process.pid),
  logger: silentLogger,
  metrics: createMetrics(),
});
await runAppender(log, Number(round));
