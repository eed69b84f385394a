import { fileURLToPath } from 'node:url';
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
        startChildAppender(fileURLToPath(new URL('./appender.program.ts', import.meta.url)), [
          folder.path,
          String(round),
        ]),
      remove: () => folder.remove(),
    };
  },
});
