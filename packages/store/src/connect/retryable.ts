/**
 * Which failures of a transaction go away by themselves. A transaction is run again only when it certainly
 * did not commit: it failed before COMMIT was sent, or the server answered COMMIT with a rollback.
 */

/** SQLSTATE → why trying the whole transaction again helps. */
export const RETRYABLE_SQLSTATES: Readonly<Record<string, string>> = {
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
]);

/** The driver reports a connection that ended under a statement without a code. */
const CONNECTION_ENDED = /^(Connection terminated|Client has encountered a connection error)/;

/** Tries in all, and the pauses between them: together about 3 s, longer than a restart of the server. */
export const TRANSACTION_ATTEMPTS = 6;
export const FIRST_RETRY_DELAY_MS = 50;
export const MAX_RETRY_DELAY_MS = 1000;

function fieldOf(error: unknown, name: 'code' | 'severity'): string | undefined {
  if (!(error instanceof Error) || !(name in error)) return undefined;
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : undefined;
}

/** SQLSTATE or errno of an error, `connection_ended` for a lost connection without one, else undefined. */
export function failureCode(error: unknown): string | undefined {
  const code = fieldOf(error, 'code');
  if (code !== undefined) return code;
  if (error instanceof AggregateError) return failureCode(error.errors[0]);
  return error instanceof Error && CONNECTION_ENDED.test(error.message)
    ? 'connection_ended'
    : undefined;
}

/** Whether trying again helps, for a transaction that certainly did not commit. */
export function isRetryableFailure(error: unknown): boolean {
  const code = failureCode(error);
  if (code === undefined) return false;
  return code in RETRYABLE_SQLSTATES || RETRYABLE_ERRNOS.has(code) || code === 'connection_ended';
}

/**
 * Whether a failed COMMIT certainly rolled back: the server said ERROR and went on. FATAL, or a connection
 * that ended, may come after the commit was made durable.
 */
export function isCertainRollback(error: unknown): boolean {
  return fieldOf(error, 'severity') === 'ERROR';
}
