/**
 * What a process answers when it ends, so that whoever starts it can tell what to do without reading sentences.
 * From 64 on the numbers mean what BSD's `sysexits.h` means by them. The table is in `docs/operating.md`; a test
 * keeps the two equal.
 */
import { LogOpenError, type LogOpenErrorCode } from '@followme/log';
import { StoreError, type StoreErrorCode } from '@followme/store';
import { UsageError } from './usage-error.ts';

/** The codes by name; what to do about each stands in docs/operating.md. */
export const EXIT = {
  /** Done. */
  done: 0,
  /** Failed while working, or did not stop well. */
  failed: 1,
  /** Asked for wrongly. */
  usage: 2,
  /** Log, database and release do not belong together: to go on would be a guess. */
  wrongData: 65,
  /** An engine cannot be reached. */
  unavailable: 69,
  /** An engine is too old or lacks what we need. */
  unfitEngine: 76,
  /** Wrong credentials, or rights that are missing or too many. */
  notAllowed: 77,
} as const;

/** One of them. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Why a process does not start, or does not go on. The message is one sentence for people. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly exitCode: ExitCode;
  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

const OF_LOG: Readonly<Record<LogOpenErrorCode, ExitCode>> = {
  LANES_DIFFER: EXIT.wrongData,
  FORMAT_UNKNOWN: EXIT.wrongData,
  SETTINGS_DIFFER: EXIT.wrongData,
  UNREACHABLE: EXIT.unavailable,
  NOT_ALLOWED: EXIT.notAllowed,
  ENGINE_UNFIT: EXIT.unfitEngine,
};

const OF_STORE: Readonly<Record<StoreErrorCode, ExitCode>> = {
  BAD_ADDRESS: EXIT.usage,
  UNREACHABLE: EXIT.unavailable,
  NO_DATABASE: EXIT.unavailable,
  READ_ONLY: EXIT.unavailable,
  TOO_MANY_CONNECTIONS: EXIT.unavailable,
  LOGIN_REFUSED: EXIT.notAllowed,
  TLS_FAILED: EXIT.notAllowed,
  UNFIT_LOGIN: EXIT.notAllowed,
  SERVER_TOO_OLD: EXIT.unfitEngine,
  MIGRATED_BY_NEWER_RELEASE: EXIT.wrongData,
  MIGRATION_CHANGED: EXIT.wrongData,
  MIGRATION_FAILED: EXIT.failed,
  COMMIT_UNKNOWN: EXIT.failed,
  ROLLED_BACK: EXIT.failed,
  FOLDER_IN_USE: EXIT.failed,
  EMBEDDED_UNAVAILABLE: EXIT.failed,
};

/** The exit code of an error that ended a command. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof Refusal) return error.exitCode;
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof LogOpenError) return OF_LOG[error.code];
  if (error instanceof StoreError) return OF_STORE[error.code];
  return EXIT.failed;
}
