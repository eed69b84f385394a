/**
 * Keys with compare-and-set. Revisions are drawn from one counter that outlives deletions, so a key that
 * was deleted and made again never shows a revision twice.
 */
import { LogError, MAX_RECORD_BYTES, type KeyEntry } from '../port.ts';
import type { Committer } from './committer.ts';
import type { Engine } from './engine.ts';
import { counterValue, keyValue, parseCounter, parseKeyValue, REVISION_KEY } from './layout.ts';

/** Longest key in UTF-8 bytes: LMDB's limit is 511 with the smallest pages. */
const MAX_KEY_BYTES = 500;

export class KeySpace {
  readonly #engine: Engine;
  readonly #committer: Committer;
  /** Revisions that are decided and not yet durable; null for a deletion. */
  readonly #underWay = new Map<string, { readonly revision: number | null }>();
  #lastRevision: number;

  constructor(engine: Engine, committer: Committer) {
    this.#engine = engine;
    this.#committer = committer;
    this.#lastRevision = parseCounter(engine.meta.get(REVISION_KEY));
  }

  /** The durable value of a key, or null. */
  get(key: string): KeyEntry | null {
    const stored = this.#engine.keys.get(keyBytes(key));
    return stored === undefined ? null : parseKeyValue(stored);
  }

  /** Sets a key whose revision is `expected`; the new revision when it is durable, null when it is not. */
  async set(key: string, value: Uint8Array, expected: number | null): Promise<number | null> {
    if (value.length > MAX_RECORD_BYTES) {
      throw new LogError(
        'RECORD_TOO_LARGE',
        `A value of ${value.length} bytes is over the limit of ${MAX_RECORD_BYTES}`,
      );
    }
    if (this.#revisionOf(key) !== expected) return null;
    this.#lastRevision += 1;
    const revision = this.#lastRevision;
    const bytes = keyValue(revision, value);
    await this.#change(key, revision, () => {
      void this.#engine.keys.put(keyBytes(key), bytes);
      void this.#engine.meta.put(REVISION_KEY, counterValue(revision));
    });
    return revision;
  }

  /** Removes a key whose revision is `expected`; whether it was, when it is durable. */
  async delete(key: string, expected: number): Promise<boolean> {
    if (this.#revisionOf(key) !== expected) return false;
    await this.#change(key, null, () => void this.#engine.keys.remove(keyBytes(key)));
    return true;
  }

  #revisionOf(key: string): number | null {
    const underWay = this.#underWay.get(key);
    return underWay === undefined ? (this.get(key)?.revision ?? null) : underWay.revision;
  }

  async #change(key: string, revision: number | null, write: () => void): Promise<void> {
    const decided = { revision };
    this.#underWay.set(key, decided);
    try {
      await this.#committer.commit(0, write);
    } finally {
      if (this.#underWay.get(key) === decided) this.#underWay.delete(key);
    }
  }
}

function keyBytes(key: string): Buffer {
  const bytes = Buffer.from(key);
  if (bytes.length === 0 || bytes.length > MAX_KEY_BYTES) {
    throw new RangeError(`A key has 1 to ${MAX_KEY_BYTES} bytes, got ${bytes.length}`);
  }
  return bytes;
}
