/** Logs on real servers, for tests. */
import {
  randomToken,
  createMetrics,
  createRandom,
  silentLogger,
  systemClock,
} from '@followme/platform';
import { CONTRACT_LANES, sequence, type Spot } from '../contract/subject.ts';
import type { Log, LogRecord } from '../port.ts';
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

/** Reads one record at a time. */
export function iterate(
  log: Log,
  { stream, lane }: Spot,
  { from, signal }: { readonly from: number; readonly signal: AbortSignal },
): AsyncIterator<LogRecord> {
  const records = log.read(stream, lane, sequence(from), signal);
  return records[Symbol.asyncIterator]();
}
