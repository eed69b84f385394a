import { fileURLToPath } from 'node:url';
import { NATS_MISSING, natsPrograms, startNats, type TestNats } from '@followme/testkit';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { describeLogContract, startChildAppender } from '../contract/contract.ts';
import type { LogUnderTest } from '../contract/subject.ts';
import type { Log } from '../port.ts';
import { openTestLog, uniqueName } from './test-log.ts';

const APPENDER = fileURLToPath(new URL('./appender.program.ts', import.meta.url));

/** A log of its own on `nats`, which the crash test kills together with its appender. */
function createSubject(nats: TestNats): LogUnderTest {
  const url = `${nats.url}/${uniqueName()}`;
  const opened: Log[] = [];
  return {
    async open() {
      if (!nats.isRunning()) await nats.restart();
      const log = await openTestLog(url);
      opened.push(log);
      return log;
    },
    // the server's clock cannot be turned
    passTime: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs + 5)),
    startAppender(round) {
      const child = startChildAppender(APPENDER, [url, String(round)]);
      return {
        lines: () => child.lines(),
        async kill() {
          await Promise.all([child.kill(), nats.kill()]);
        },
      };
    },
    async remove() {
      for (const log of opened) await log.close();
    },
  };
}

const programs = natsPrograms();
if (programs.length === 0) test.skip(`the contract on nats-server (skipped: ${NATS_MISSING})`);

describe.each(programs)('on nats-server $version', ({ path, version }) => {
  let nats: TestNats | null = null;
  beforeAll(async () => {
    nats = await startNats({ program: path });
  });
  afterAll(async () => {
    await nats?.stop();
  });
  describeLogContract({
    name: `the JetStream engine on nats-server ${version}`,
    passesMinutes: false,
    create: async () => {
      if (nats === null) throw new Error('The server was not started');
      return createSubject(nats);
    },
  });
});
