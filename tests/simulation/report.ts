import { silentLogger } from '@followme/platform';
import type { Cast } from './plan.ts';
import { runSeed, type RunOutcome } from './run-seed.ts';

/** Lines of the trace that a report ends with. */
const LAST_LINES = 60;
/** Faults that a report names. */
const MOST_FAULTS = 12;

/** A run that went wrong, for people: what is wrong, what was done to the world, how it ended, how to repeat it. */
export async function reportOf(seed: number, cast: Cast, outcome: RunOutcome): Promise<string> {
  const keepLines = Number(process.env['SIM_TRACE'] ?? LAST_LINES);
  const again = await runSeed(seed, cast, { logger: silentLogger, keepLines });
  const faults = outcome.faults.slice(0, MOST_FAULTS);
  const more = outcome.faults.length - faults.length;
  return [
    `Seed ${seed} of "${cast}" went wrong:`,
    ...faults.map((fault) => `  ${fault}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...(again.hash === outcome.hash
      ? []
      : ['  and a second run went otherwise: not deterministic']),
    'What was done:',
    ...outcome.plan.map((line) => `  ${line}`),
    'How it ended:',
    ...again.lines.map(({ atMs, what }) => `  ${atMs.toFixed(1).padStart(9)} ${what}`),
    `Again: SIM_SEED=${seed} npx vitest run --project unit tests/simulation/${cast}`,
    'Keep it: add it to tests/simulation/regressions.ts.',
  ].join('\n');
}
