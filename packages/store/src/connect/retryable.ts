/**
 * Which failures of a transaction go away by themselves, in two grades:
 * - at once: the store runs the transaction again by itself. Only when it certainly did not commit: it failed
 *   before COMMIT was sent, or the server answered COMMIT with a rollback.
 * - later: the database is there but does not keep up, or the network is silent. To run the same again at once
 *   would hold a connection for as long once more and add to the load, so the caller is told: HTTP answers
 *   503 with `Retry-After`, recorder and operator keep what they have and come back after a pause.
 */

/** SQLSTATE → why trying the whole transaction again at once helps. */
export const RETRYABLE_SQLSTATES: Readonly<Record<string, string>> = {
  '25006': 'read_only_sql_transaction: the server became a standby, the new primary comes',
  '40001': 'serialization_failure: another transaction was first',
  '40P01': 'deadlock_detected: one of the two had to give way',
  '55P03': 'lock_not_available: the lock was held longer than lock_timeout',
  '53300': 'too_many_connections: others will close',
  '57P01': 'admin_shutdown: the server restarts',
  '57P02': 'crash_shutdown: the server recovers from the crash of a backend',
  '57P03': 'cannot_connect_now: the server starts or stops',
  '08000': 'connection_exception',
  '08001': 'sqlclient_unable_to_establish_sqlconnection',
  '08003': 'connection_does_not_exist',
  '08004': 'sqlserver_rejected_establishment_of_sqlconnection',
  '08006': 'connection_failure',
};

/** Codes of the operating system for a connection that broke or could not be made. */
const RETRYABLE_ERRNOS: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  // a name server that is away for a moment
  'EAI_AGAIN',
]);

/** What the driver says without a code, by how it begins. */
const DRIVER_MESSAGES: readonly (readonly [start: string, code: DriverFailure])[] = [
  ['Connection terminated', 'connection_ended'],
  ['Client has encountered a connection error', 'connection_ended'],
  ['Query read timeout', 'no_answer'],
  ['timeout exceeded when trying to connect', 'no_connection'],
];

/**
 * `connection_ended`: under a statement. `no_answer`: the statement was given up later than the server would
 * have. `no_connection`: all of the pool were busy, or the server did not take a new one.
 */
type DriverFailure = 'connection_ended' | 'no_answer' | 'no_connection';

/** Codes of ours that pass at once; `READ_ONLY` is that of a `StoreError`. */
const OWN_PASSING: ReadonlySet<string> = new Set(['connection_ended', 'READ_ONLY']);

/** Codes of failures that pass, but not at once. */
const LATER: ReadonlySet<string> = new Set([
  '57014', // query_canceled: the statement took longer than statement_timeout
  'no_answer',
  'no_connection',
]);

/** Tries in all, and the pauses between them: together about 3 s, longer than a restart of the server. */
export const TRANSACTION_ATTEMPTS = 6;
export const FIRST_RETRY_DELAY_MS = 50;
export const MAX_RETRY_DELAY_MS = 1000;

function fieldOf(error: unknown, name: 'code' | 'severity'): string | undefined {
  if (!(error instanceof Error) || !(name in error)) return undefined;
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : undefined;
}

/** SQLSTATE or errno of an error, a `DriverFailure` where the driver gives none, else undefined. */
export function failureCode(error: unknown): string | undefined {
  const code = fieldOf(error, 'code');
  if (code !== undefined) return code;
  if (error instanceof AggregateError) return failureCode(error.errors[0]);
  if (!(error instanceof Error)) return undefined;
  return DRIVER_MESSAGES.find(([start]) => error.message.startsWith(start))?.[1];
}

/** Whether the failure passes by itself, at once or later: for callers that decide whether to come back. */
export function isRetryableFailure(error: unknown): boolean {
  return passesAtOnce(error) || LATER.has(failureCode(error) ?? '');
}

/** Whether running it again at once helps, for a transaction that certainly did not commit. */
export function passesAtOnce(error: unknown): boolean {
  const code = failureCode(error);
  if (code === undefined) return false;
  return (
    Object.hasOwn(RETRYABLE_SQLSTATES, code) || RETRYABLE_ERRNOS.has(code) || OWN_PASSING.has(code)
  );
}

/**
 * Whether a failed COMMIT certainly rolled back: the server said ERROR and went on. FATAL, or a connection
 * that ended, may come after the commit was made durable.
 */
export function isCertainRollback(error: unknown): boolean {
  return fieldOf(error, 'severity') === 'ERROR';
}
