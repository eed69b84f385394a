/** Requests to JetStream's management, tried again while nobody answers. */
import { JetStreamApiError } from '@nats-io/jetstream';
import type { Clock } from '@followme/platform';
import { LogError, LogOpenError } from '../port.ts';
import type { Connection, Session } from './connection.ts';

/** The system is starting, has no leader or is asked too much; "service unavailable" of any kind passes. */
const PASSING_STATUS = 503;
const PASSING_CODES = [10_008, 10_009, 10_167];
/** Of status 503, but about limits and rights: they do not pass by waiting. */
const LASTING_CODES = [10_023, 10_039, 10_047, 10_074, 10_076];
const PAUSE_MS = 100;

/** Whether an error of a request may go away by itself. */
function mayPass(error: unknown): boolean {
  if (error instanceof LogOpenError) return false;
  if (error instanceof LogError) return error.code === 'UNAVAILABLE';
  if (!(error instanceof JetStreamApiError)) return true;
  if (LASTING_CODES.includes(error.code)) return false;
  return error.status === PASSING_STATUS || PASSING_CODES.includes(error.code);
}

/** What a question to the servers needs. */
export interface RequestDeps {
  readonly clock: Clock;
  readonly connection: Connection;
}

/** Asks until there is an answer. @throws the last error when it will not pass or `limitMs` are over. */
export async function askUntilAnswered<T>(
  { clock, connection }: RequestDeps,
  limitMs: number,
  ask: (session: Session) => Promise<T>,
): Promise<T> {
  const endMs = clock.monotonicMs() + limitMs;
  for (;;) {
    try {
      return await ask(connection.demand());
    } catch (error) {
      if (!mayPass(error) || clock.monotonicMs() >= endMs) throw error;
      await clock.sleep(PAUSE_MS);
    }
  }
}

/** Longest a call of the port waits for the management. */
const CALL_LIMIT_MS = 8000;

/** The same for a call of the port. @throws LogError `UNAVAILABLE` for whatever went wrong. */
export async function askForCall<T>(
  deps: RequestDeps,
  what: string,
  ask: (session: Session) => Promise<T>,
): Promise<T> {
  try {
    return await askUntilAnswered(deps, CALL_LIMIT_MS, ask);
  } catch (cause) {
    if (cause instanceof LogError) throw cause;
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new LogError('UNAVAILABLE', `${what} failed: ${said}`, { cause });
  }
}
