/**
 * The log port: what every part of the system may ask of the durable log. Two engines stand behind it,
 * LMDB in the process and, scaled out, JetStream; one contract suite holds both to what is written here.
 *
 * A log has named **streams**; a stream has **lanes**; a lane is an ordered sequence of **records**.
 * - An append that resolved is durable: it survives `kill -9` of everything and, where the engine says so,
 *   the loss of power.
 * - Sequences of a lane grow strictly. They need not be without gaps.
 * - A record is bytes; the log never looks inside.
 */
import type { Lane, LogSequence } from '@followme/model';

/** The streams of an installation. Their number of lanes is fixed when the installation is made. */
export type StreamName = 'positions' | 'events';

/**
 * One record read from a lane. `payload` may be kept, for it is never reused by the log, and must not be changed: all
 * readers of a lane may have the same.
 */
export interface LogRecord {
  readonly lane: Lane;
  readonly sequence: LogSequence;
  /** When the log took it, ms since 1970 UTC by the log's clock. */
  readonly storedTimeMs: number;
  readonly payload: Uint8Array;
}

export interface AppendOptions {
  /**
   * Identity of the record for `DUPLICATE_WINDOW_MS`: a second append with the same id in the same stream
   * stores nothing and answers the sequence of the first.
   */
  readonly recordId?: string;
}

export interface Appended {
  readonly sequence: LogSequence;
  /** A record with this id was there already. */
  readonly duplicate: boolean;
}

/** How long the log remembers record ids: longer than any take-over. */
export const DUPLICATE_WINDOW_MS = 600_000;

/** Largest record in bytes: below the default `max_payload` of the scaled-out engine (1 MB). */
export const MAX_RECORD_BYTES = 1_000_000;

export interface LaneBounds {
  /** Sequence of the oldest record kept; last + 1 when the lane is empty. */
  readonly first: LogSequence;
  /** Sequence of the newest record ever appended, 0 when there never was one. */
  readonly last: LogSequence;
}

/** One value of the key space, with the revision to compare and set against. */
export interface KeyEntry {
  readonly value: Uint8Array;
  readonly revision: number;
}

export interface Log {
  /**
   * Names this log among all logs: random, made when the log is created, the same for as long as it lives.
   * Whoever keeps sequences elsewhere keeps it beside them, since they mean nothing in another log.
   */
  readonly identity: string;

  /** Lanes of a stream. */
  lanes(stream: StreamName): number;

  /**
   * Appends one record; resolves when it is durable. `payload` belongs to the log until the promise
   * settles and to the caller again after that, so that batch buffers can be used anew.
   * @throws LogError `RECORD_TOO_LARGE`, `NO_SUCH_LANE`, `CLOSED`, or `UNAVAILABLE` when the engine cannot
   * store it; in the last case it may or may not have been stored, and may be appended again.
   */
  append(
    stream: StreamName,
    lane: Lane,
    payload: Uint8Array,
    options?: AppendOptions,
  ): Promise<Appended>;

  /**
   * Records of a lane with sequence ≥ `from` in order, then those that come, until `signal` aborts (the
   * iteration then ends without an error). A record is handed out only when it is durable. Reading ahead
   * is bounded by the engine; a reader that stops asking holds up nobody else.
   */
  read(
    stream: StreamName,
    lane: Lane,
    from: LogSequence,
    signal: AbortSignal,
  ): AsyncIterable<LogRecord>;

  /** First and last sequence of a lane. */
  bounds(stream: StreamName, lane: Lane): Promise<LaneBounds>;

  /**
   * Removes records that are stored longer than `olderThanMs` and lie before `keepFrom`, the lowest
   * sequence any consumer still has to read. Answers how many went. Never removes at or after `keepFrom`.
   */
  trim(
    stream: StreamName,
    lane: Lane,
    limits: { readonly olderThanMs: number; readonly keepFrom: LogSequence },
  ): Promise<number>;

  /**
   * Tells every present subscriber of `subject` in every process, at most once, without keeping it. For
   * hints ("the registry changed") whose loss a slower look makes good.
   */
  broadcast(subject: string, payload: Uint8Array): void;
  /** Hears broadcasts from now on; the answer ends it. */
  subscribe(subject: string, hear: (payload: Uint8Array) => void): () => void;

  /** The present value of a key, or null. */
  getKey(key: string): Promise<KeyEntry | null>;
  /**
   * Sets a key if its revision is still `expected` (null = it must not exist). Answers the new revision,
   * or null when somebody else was first. Durable when it resolves.
   */
  setKey(key: string, value: Uint8Array, expected: number | null): Promise<number | null>;
  /** Removes a key if its revision is still `expected`; false when somebody else was first. */
  deleteKey(key: string, expected: number): Promise<boolean>;

  /** What an acknowledged append survives, as one sentence for people. */
  readonly durability: string;

  /**
   * How long the engine has not been heard of, ms; 0 while it is. Whoever holds leases gives them back when it
   * grows: a process that cannot reach the log keeps lanes from those that can.
   */
  silentForMs(): number;

  /** Ends all readers, waits for appends under way and lets the engine go. */
  close(): Promise<void>;
}

/**
 * Why a log cannot be opened as asked.
 * - `LANES_DIFFER`, `FORMAT_UNKNOWN`, `SETTINGS_DIFFER`: what is there was made otherwise.
 * - `UNREACHABLE`, `NOT_ALLOWED`: wrong address, wrong credentials, rights that are missing.
 * - `ENGINE_UNFIT`: too old, or without what the log needs.
 */
export type LogOpenErrorCode =
  | 'LANES_DIFFER'
  | 'FORMAT_UNKNOWN'
  | 'SETTINGS_DIFFER'
  | 'UNREACHABLE'
  | 'NOT_ALLOWED'
  | 'ENGINE_UNFIT';

/** A log that must not be opened as asked; the message is one sentence for the operator. */
export class LogOpenError extends Error {
  override readonly name = 'LogOpenError';
  readonly code: LogOpenErrorCode;
  constructor(code: LogOpenErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Why the log refused or failed. `UNAVAILABLE` may pass by itself; `REPLACED` does not: the log was made anew or went
 * back while it was open, so that sequences kept from it mean nothing any more.
 */
export type LogErrorCode =
  'RECORD_TOO_LARGE' | 'NO_SUCH_LANE' | 'CLOSED' | 'UNAVAILABLE' | 'REPLACED';

export class LogError extends Error {
  override readonly name = 'LogError';
  readonly code: LogErrorCode;
  constructor(code: LogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
