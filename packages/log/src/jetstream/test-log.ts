/** Logs on real servers, for tests. */
import {
  randomToken,
  createMetrics,
  createRandom,
  silentLogger,
  systemClock,
} from '@followme/platform';
import type { Log } from '../port.ts';
import { CONTRACT_LANES } from '../contract/subject.ts';
import { createJetStreamLog, type JetStreamLogOptions } from './open-jetstream.ts';

/** Options with what tests do not care about; each log has metrics of its own. */
export function testOptions(url: string): JetStreamLogOptions {
  return {
    url,
    lanes: CONTRACT_LANES,
    clock: systemClock,
    random: createRandom('test log'),
    logger: silentLogger,
    metrics: createMetrics(),
  };
}

/** Opens a log with the lanes of the contract. */
export function openTestLog(url: string): Promise<Log> {
  return createJetStreamLog(testOptions(url));
}

/** A name that no other log on a server has. */
export function uniqueName(): string {
  return `log-${randomToken(9)}`;
}
