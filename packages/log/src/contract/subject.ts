/** What an engine must offer so that the contract suite can run on it, and what the suite's parts share. */
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import type { Log, LogRecord, StreamName } from '../port.ts';

/** Lanes of the logs the suite works on. */
export const CONTRACT_LANES: Readonly<Record<StreamName, number>> = { positions: 4, events: 2 };

/** One log of its own, empty at first. */
export interface LogUnderTest {
  /** Opens it; called again after `close` or after a kill, it opens the same log. */
  open(): Promise<Log>;
  /** Lets `durationMs` pass on the log's clock. */
  passTime(durationMs: number): Promise<void>;
  /** Starts a process that opens the log and calls `runAppender(log, round)`; the log is not open here. */
  startAppender(round: number): RunningAppender;
  /** Closes what is open and removes every trace. */
  remove(): Promise<void>;
}

/** A process that appends until it is killed. */
export interface RunningAppender {
  /** The lines it printed to standard output, complete ones only. */
  lines(): readonly string[];
  /** `kill -9` of the process and of everything that belongs to the engine; resolves when it is gone. */
  kill(): Promise<void>;
}

/** An engine under contract. */
export interface LogSubject {
  /** Name of the engine, for the titles. */
  readonly name: string;
  /** Whether `passTime` can pass the duplicate window; without it those tests are skipped by name. */
  readonly passesMinutes: boolean;
  create(): Promise<LogUnderTest>;
}

/** Gives the present subject of a running test. */
export type Present = () => LogUnderTest;

/** A lane number as the type the port wants. */
export const lane = (number: number): Lane => trustedId<Lane>(number);
/** A sequence number as the type the port wants. */
export const sequence = (number: number): LogSequence => trustedId<LogSequence>(number);
/** A payload out of a text. */
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
/** The text in a payload. */
export const text = (payload: Uint8Array): string => new TextDecoder().decode(payload);

/** Longest a read of the suite waits for what must come. */
export const READ_LIMIT_MS = 20_000;

/** Where the suite reads. */
export interface Spot {
  readonly stream: StreamName;
  readonly lane: Lane;
}

/** The first `count` records of a lane from sequence `from`; fewer when they do not come in time. */
export async function readRecords(
  log: Log,
  spot: Spot,
  { from, count }: { readonly from: number; readonly count: number },
): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  const limit = AbortSignal.timeout(READ_LIMIT_MS);
  if (count === 0) return records;
  for await (const record of log.read(spot.stream, spot.lane, sequence(from), limit)) {
    records.push(record);
    if (records.length === count) break;
  }
  return records;
}

/** Everything a lane holds now. */
export async function readAll(log: Log, spot: Spot): Promise<LogRecord[]> {
  const { first, last } = await log.bounds(spot.stream, spot.lane);
  const records: LogRecord[] = [];
  if (first > last) return records;
  const limit = AbortSignal.timeout(READ_LIMIT_MS);
  for await (const record of log.read(spot.stream, spot.lane, first, limit)) {
    records.push(record);
    if (record.sequence >= last) break;
  }
  return records;
}

/** Texts of records, for comparing. */
export const textsOf = (records: readonly LogRecord[]): string[] =>
  records.map((record) => text(record.payload));

/** Appends texts one after the other and answers their sequences. */
export async function appendTexts(
  log: Log,
  spot: Spot,
  texts: readonly string[],
): Promise<number[]> {
  const sequences: number[] = [];
  for (const one of texts) {
    const appended = await log.append(spot.stream, spot.lane, bytes(one));
    sequences.push(appended.sequence);
  }
  return sequences;
}

/** `count` numbered texts. */
export const numbered = (count: number, prefix = ''): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);
