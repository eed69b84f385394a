/**
 * Keys that were good when last looked at, and whose they are. Each request is still checked in the store, so
 * a session that ended ends at once; but a known key need not stand in line with made-up ones. Holds digests
 * only, at most `MAX_KEYS`: those longest unused are forgotten, which costs their owners a place in that line.
 */
import { createHash } from 'node:crypto';
import type { Session } from '@followme/store';
import type { Share } from '../fair-line.ts';

/** Most keys remembered: some 250 bytes each. */
export const MAX_KEYS = 20_000;

export interface KnownKeys {
  /** On whose account a key that was good asks, null for any other; notes its use. */
  find(key: string): Share | null;
  add(key: string, owner: Pick<Session, 'tenantId' | 'userId'>): void;
  delete(key: string): void;
  /** Keys remembered. */
  readonly size: number;
}

/** On whose account somebody who is known asks. */
export function shareOf({ tenantId, userId }: Pick<Session, 'tenantId' | 'userId'>): Share {
  return { tenant: String(tenantId), person: String(userId) };
}

const digestOf = (key: string): string => createHash('sha256').update(key).digest('base64');

export function createKnownKeys(): KnownKeys {
  const shares = new Map<string, Share>();
  const put = (digest: string, share: Share): void => {
    // put at the end: the first of the map is the one longest unused
    shares.delete(digest);
    shares.set(digest, share);
    const [oldest] = shares.keys();
    if (shares.size > MAX_KEYS && oldest !== undefined) shares.delete(oldest);
  };
  return {
    find(key) {
      const digest = digestOf(key);
      const share = shares.get(digest) ?? null;
      if (share !== null) put(digest, share);
      return share;
    },
    add: (key, owner) => put(digestOf(key), shareOf(owner)),
    delete: (key) => void shares.delete(digestOf(key)),
    get size() {
      return shares.size;
    },
  };
}
