/** The short form of the fault drill: what `npm run drill -- --short` does, against the build. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { natsProgram, NATS_MISSING } from '@followme/testkit';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../support/system.ts';

const LIMIT_MS = 300_000;
const missing = natsProgram() === null;

/** What the test looks at of the drill's answer. */
interface Answer {
  readonly events: number;
  readonly faults: readonly Readonly<
    Record<'name' | 'lost' | 'doubled' | 'outOfOrder' | 'failure' | 'issues', unknown>
  >[];
}

describe.skipIf(missing)(`fault drill${missing ? ` (skipped: ${NATS_MISSING})` : ''}`, () => {
  test(
    'processes, NATS and PostgreSQL are killed under load: nothing is lost, doubled or out of order',
    { timeout: LIMIT_MS },
    async () => {
      const args = ['--conditions=source', '--import', 'tsx', 'tests/drill/main.ts'];
      const drill = promisify(execFile)(process.execPath, [...args, '--short', '--json'], {
        cwd: ROOT,
        maxBuffer: 10_000_000,
      });
      // with anything wrong it ends with 1, and its answer tells what
      const { stdout } = await drill.catch((error: { stdout: string }) => error);
      const { faults, events } = JSON.parse(stdout) as Answer;
      // what there was no time for on a busy machine is named in the answer
      expect(faults.length).toBeGreaterThan(1);
      expect(events).toBeGreaterThan(100);
      for (const { name, lost, doubled, outOfOrder, failure, issues } of faults) {
        expect({ name, lost, doubled, outOfOrder, failure, issues }).toEqual({
          name,
          lost: 0,
          doubled: 0,
          outOfOrder: 0,
          failure: null,
          issues: [],
        });
      }
    },
  );
});
