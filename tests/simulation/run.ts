/** `npm run simulate:seeds`: many seeds, outside of the tests. */
import { parseArgs } from 'node:util';
import { createLogger, silentLogger } from '@followme/platform';
import { isCast, CAST_NAMES } from './plan.ts';
import { reportOf } from './report.ts';
import { runSeed } from './run-seed.ts';

const HELP = `Usage: npm run simulate:seeds -- [options]
Runs simulated installations, each with faults that follow from its seed, and prints the seeds that go wrong.

  --seeds N     so many; 1,000 without it
  --from N      the first seed; 1 without it
  --cast NAME   one of ${CAST_NAMES.join(', ')}; all without it
  --first       ends at the first seed that goes wrong
  --lines       log lines of the services on standard error
  --help        this
`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    cast: { type: 'string' },
    first: { type: 'boolean', default: false },
    lines: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const casts = values.cast === undefined ? CAST_NAMES : CAST_NAMES.filter((c) => c === values.cast);
if (values.cast !== undefined && !isCast(values.cast)) {
  throw new Error(`Got cast ${values.cast}, expected one of ${CAST_NAMES.join(', ')}`);
}

const logger = values.lines ? createLogger('debug') : silentLogger;
const startedMs = performance.now();
let failed = 0;
let events = 0;
let done = 0;
let slowestRestMs = 0;
const last = Number(values.from) + Number(values.seeds);
search: for (let seed = Number(values.from); seed < last; seed += 1) {
  for (const cast of casts) {
    const outcome = await runSeed(seed, cast, { logger });
    events += outcome.events;
    done += 1;
    slowestRestMs = Math.max(slowestRestMs, outcome.restedAfterMs);
    if (outcome.faults.length === 0) continue;
    failed += 1;
    process.stdout.write(`${await reportOf(seed, cast, outcome)}\n\n`);
    if (values.first) break search;
  }
}
const seconds = (performance.now() - startedMs) / 1_000;
process.stdout.write(
  `${done} runs of ${casts.join(', ')}: ${failed} went wrong; ${events} events in ${seconds.toFixed(1)} s, ` +
    `slowest to rest ${slowestRestMs} ms (virtual)\n`,
);
process.exitCode = failed === 0 ? 0 : 1;
