/**
 * The contract of the log: what every engine behind the port must do, as tests. An engine's integration test
 * calls `describeLogContract` with a subject of its own and passes it unchanged.
 *
 * Differences an engine may have, each visible as a skipped test: `passesMinutes: false` when its duplicate
 * window runs on a clock that the test cannot turn.
 */
import { afterEach, beforeEach, describe } from 'vitest';
import { appendRules, boundsRules, refusalRules } from './append-rules.ts';
import { crashRules } from './crash-rules.ts';
import { duplicateRules } from './duplicate-rules.ts';
import { identityRules } from './identity-rules.ts';
import { broadcastRules, keyRules } from './key-rules.ts';
import { endOfReadingRules, readRules, tailRules } from './read-rules.ts';
import type { LogSubject, LogUnderTest } from './subject.ts';
import { trimRules } from './trim-rules.ts';

export { runAppender } from './appender.ts';
export { startChildAppender } from './child-appender.ts';
export {
  CONTRACT_LANES,
  type LogSubject,
  type LogUnderTest,
  type RunningAppender,
} from './subject.ts';

/** Declares the tests of the contract for one engine; every test works on a log of its own. */
export function describeLogContract(subject: LogSubject): void {
  describe(`the contract of the log, kept by ${subject.name}`, () => {
    let current: LogUnderTest | null = null;
    beforeEach(async () => {
      current = await subject.create();
    });
    afterEach(async () => {
      await current?.remove();
      current = null;
    });
    const present = (): LogUnderTest => {
      if (current === null) throw new Error('No log is under test');
      return current;
    };
    identityRules(subject, present);
    appendRules(present);
    boundsRules(present);
    refusalRules(present);
    duplicateRules(subject, present);
    readRules(present);
    tailRules(present);
    endOfReadingRules(present);
    trimRules(present);
    keyRules(present);
    broadcastRules(present);
    crashRules(present);
  });
}
