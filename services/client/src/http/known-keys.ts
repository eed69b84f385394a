/**
 * Keys that were good when last looked at. Each request is still checked in the store, so a session that
 * ended ends at once; but a known key need not stand in line with made-up ones. Holds digests only, at
 * most `MAX_KEYS`: those longest unused are forgotten, which costs their owners a place in that line.
 */
import { createHash } from 'node:crypto';

/** Most keys remembered: some 150 bytes each. */
export const MAX_KEYS = 20_000;

export interface KnownKeys {
  /** Whether the key was good, and if so notes its use. */
  has(key: string): boolean;
  add(key: string): void;
  delete(key: string): void;
  /** Keys remembered. */
  readonly size: number;
}

const digestOf = (key: string): string => createHash('sha256').update(key).digest('base64');

export function createKnownKeys(): KnownKeys {
  const digests = new Set<string>();
  const put = (digest: string): void => {
    // put at the end: the first of the set is the one longest unused
    digests.delete(digest);
    digests.add(digest);
    const [oldest] = digests;
    if (digests.size > MAX_KEYS && oldest !== undefined) digests.delete(oldest);
  };
  return {
    has(key) {
      const digest = digestOf(key);
      if (!digests.has(digest)) return false;
      put(digest);
      return true;
    },
    add: (key) => put(digestOf(key)),
    delete: (key) => void digests.delete(digestOf(key)),
    get size() {
      return digests.size;
    },
  };
}
