/**
 * Log lines: JSON, event name first, fields instead of sentences. Never payloads, tokens or coordinates.
 * error = a person must act; warn = degraded but handled; info = lifecycle; debug = per message.
 */
import { pino, type Logger as Pino } from 'pino';

export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  error(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  debug(event: string, fields?: LogFields): void;
  /** A logger that adds `fields` to every line. */
  child(fields: LogFields): Logger;
}

export type LogLevel = 'error' | 'warn' | 'info' | 'debug' | 'silent';

function wrap(inner: Pino): Logger {
  return {
    error: (event, fields) => inner.error(fields ?? {}, event),
    warn: (event, fields) => inner.warn(fields ?? {}, event),
    info: (event, fields) => inner.info(fields ?? {}, event),
    debug: (event, fields) => inner.debug(fields ?? {}, event),
    child: (fields) => wrap(inner.child(fields)),
  };
}

interface DescribedError {
  readonly type: string;
  readonly message: string;
  readonly code?: unknown;
  readonly stack?: string;
  readonly cause?: DescribedError;
}

/**
 * What a log line keeps of an error: drivers hang whole connections on theirs, keys included, so nothing but these
 * fields goes out.
 */
export function describeError(error: unknown): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const code = 'code' in error ? { code: error.code } : {};
  const stack = error.stack === undefined ? {} : { stack: error.stack };
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
  return { type: error.name, message: error.message, ...code, ...stack, ...cause };
}

/** Writes to `stream` (standard error by default), one JSON object a line. */
export function createLogger(
  level: LogLevel,
  stream: { write(line: string): void } = process.stderr,
): Logger {
  return wrap(
    pino(
      {
        level,
        base: null,
        messageKey: 'event',
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        serializers: { error: describeError },
      },
      stream,
    ),
  );
}

/** Drops everything; for tests that look at other things. */
export const silentLogger: Logger = createLogger('silent');
