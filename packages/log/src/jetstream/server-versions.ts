/**
 * What differs between versions of nats-server that this engine meets; everything that asks for a version asks
 * here. Checked against 2.9.10, 2.10.27 and 2.15.1 by the tests of this folder.
 */

/** The oldest server whose streams, dedupe, consumers and purges do what the engine needs. */
const OLDEST_SERVER = '2.9.10';

/**
 * The oldest server whose cluster kept what it had acknowledged whenever a member was cut off for a while (docs/decisions/0025).
 */
const KEEPS_WHEN_CUT_OFF = '2.10.27';

/**
 * How often a server syncs its files when nothing is set: a loss of power may take back what was written since.
 * From 2.10.0 on `sync_interval` can be set, and `always` syncs before a record is acknowledged.
 */
const LAZY_SYNC = [
  { from: '2.10.0', interval: 'two minutes', canSyncAlways: true },
  { from: '0.0.0', interval: 'minute', canSyncAlways: false },
] as const;

/** Compares two versions like `2.9.10` by number; what follows the third number is ignored. */
export function isVersionAtLeast(version: string, least: string): boolean {
  const [have, want] = [version, least].map((one) => one.split(/[.-]/).map(Number));
  for (let part = 0; part < 3; part += 1) {
    const difference = (have?.[part] ?? 0) - (want?.[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** Why a server of this version cannot be used, as a sentence; null when it can. */
export function unfitVersion(version: string): string | null {
  if (!/^\d+\.\d+\.\d+/.test(version)) {
    return `The server names its version "${version}", which says nothing; nats-server ${OLDEST_SERVER} or newer is needed.`;
  }
  if (isVersionAtLeast(version, OLDEST_SERVER)) return null;
  return `nats-server ${version} is too old for the log: install ${OLDEST_SERVER} or newer.`;
}

/** How a server of this version syncs its files unless told otherwise. */
export function lazySyncOf(version: string): {
  readonly interval: string;
  readonly canSyncAlways: boolean;
} {
  const found = LAZY_SYNC.find(({ from }) => isVersionAtLeast(version, from));
  return found ?? LAZY_SYNC[1];
}

/** What must be known before several servers of this version are trusted, as a sentence; null when nothing. */
export function cautionOf(version: string, replicas: number): string | null {
  if (replicas === 1 || isVersionAtLeast(version, KEEPS_WHEN_CUT_OFF)) return null;
  return (
    `A cluster of nats-server ${version} may lose what it acknowledged when one of its servers is cut off from the ` +
    `others for a while: update it to ${KEEPS_WHEN_CUT_OFF} or newer.`
  );
}
