import { join } from 'node:path';
import { CONTRACT_LANES, describeLogContract, startChildAppender } from '../contract/contract.ts';
import { createLogFolder } from './test-log.ts';

describeLogContract({
  name: 'the embedded engine',
  passesMinutes: true,
  async create() {
    const folder = await createLogFolder();
    return {
      open: () => folder.open(CONTRACT_LANES),
      passTime: async (durationMs) => folder.clock.pass(durationMs),
      startAppender: (round) =>
        startChildAppender(join(import.meta.dirname, 'appender.program.ts'), [
          folder.path,
          String(round),
        ]),
      remove: () => folder.remove(),
    };
  },
});
