/**
 * Keys with compare-and-set, each a subject of the key space's stream that keeps its last record; the revision
 * is that record's sequence, so it never comes twice. A removed key leaves an empty record with a mark.
 */
import type { StoredMsg } from '@nats-io/jetstream';
import { randomToken } from '@followme/platform';
import { LogError, MAX_RECORD_BYTES, type KeyEntry } from '../port.ts';
import type { LogNames } from './names.ts';
import { MESSAGE_ID, type Publisher } from './publisher.ts';
import { askForCall, type RequestDeps } from './requests.ts';

/** Longest key in UTF-8 bytes, as with the embedded engine. */
const MAX_KEY_BYTES = 500;
const ID_BYTES = 12;
/** As the key space of NATS itself marks it, so that its tools show it. */
const REMOVED_HEADER = 'KV-Operation';
const REMOVED = 'DEL';

/** What keys are kept with. */
export interface KeySpaceDeps extends RequestDeps {
  readonly names: LogNames;
  readonly publisher: Publisher;
}

interface Slot {
  /** Sequence of the last record, 0 when there never was one. */
  readonly revision: number;
  /** Null when there is no such key. */
  readonly value: Uint8Array | null;
}

/** The key space of the log, as the port describes it. */
export class JetStreamKeys {
  readonly #deps: KeySpaceDeps;

  constructor(deps: KeySpaceDeps) {
    this.#deps = deps;
  }

  /** The present value, or null. @throws LogError `UNAVAILABLE`. */
  async get(key: string): Promise<KeyEntry | null> {
    const { value, revision } = await this.#look(key);
    return value === null ? null : { value, revision };
  }

  /** Sets a key whose revision is `expected`; the new revision, or null when it is not. */
  async set(key: string, value: Uint8Array, expected: number | null): Promise<number | null> {
    if (value.length > MAX_RECORD_BYTES) {
      throw new LogError(
        'RECORD_TOO_LARGE',
        `A value of ${value.length} bytes is over the limit of ${MAX_RECORD_BYTES}`,
      );
    }
    const present = await this.#look(key);
    const revision = present.value === null ? null : present.revision;
    // a key that was removed has a last record, too: it is that one which must still be the last
    return revision === expected ? this.#write(key, value, present.revision) : null;
  }

  /** Removes a key whose revision is `expected`; whether it was. */
  async delete(key: string, expected: number): Promise<boolean> {
    const present = await this.#look(key);
    if (present.value === null || present.revision !== expected) return false;
    const headers = { [REMOVED_HEADER]: REMOVED };
    return (await this.#write(key, new Uint8Array(0), expected, headers)) !== null;
  }

  async #look(key: string): Promise<Slot> {
    const record = await this.#lastRecord(key);
    if (record === null) return { revision: 0, value: null };
    const isRemoved = record.header?.get(REMOVED_HEADER) === REMOVED;
    return { revision: record.seq, value: isRemoved ? null : new Uint8Array(record.data) };
  }

  #lastRecord(key: string): Promise<StoredMsg | null> {
    const { names } = this.#deps;
    const subject = names.keySubject(checkKey(key));
    return askForCall(this.#deps, 'Reading a key', ({ jetstream }) =>
      jetstream.streams.getMessage(names.keysStream, { last_by_subj: subject }),
    );
  }

  async #write(
    key: string,
    value: Uint8Array,
    expectedLast: number,
    headers?: Readonly<Record<string, string>>,
  ): Promise<number | null> {
    const messageId = randomToken(ID_BYTES);
    const published = await this.#deps.publisher.publish({
      subject: this.#deps.names.keySubject(key),
      payload: value,
      messageId,
      expectedLast,
      ...(headers === undefined ? {} : { headers }),
    });
    if (published.type === 'stored') return published.sequence;
    // sent twice, the first time stored unheard: newer servers look at the expectation before the id
    const present = await this.#lastRecord(key);
    return present?.header?.get(MESSAGE_ID) === messageId ? present.seq : null;
  }
}

function checkKey(key: string): string {
  const length = Buffer.byteLength(key);
  if (length === 0 || length > MAX_KEY_BYTES) {
    throw new RangeError(`A key has 1 to ${MAX_KEY_BYTES} bytes, got ${length}`);
  }
  return key;
}
