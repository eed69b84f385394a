/** What an acknowledged record survives, in one sentence, out of what is known and nothing else. */
import type { JetStreamAddress } from './address.ts';
import { cautionOf, lazySyncOf } from './server-versions.ts';

const MONITOR_LIMIT_MS = 2000;

/** What the server's monitoring says of its files; `unknown` when it was not asked or did not answer. */
export type SyncSetting =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'always' }
  | { readonly kind: 'every'; readonly interval: string };

const NANOSECONDS_PER_SECOND = 1e9;

/** Asks the monitoring of a server how it syncs its files. */
export async function readSyncSetting(
  { monitorUrl }: JetStreamAddress,
  version: string,
): Promise<SyncSetting> {
  const lazy = lazySyncOf(version);
  if (!lazy.canSyncAlways) return { kind: 'every', interval: lazy.interval };
  if (monitorUrl === null) return { kind: 'unknown' };
  try {
    const url = new URL('/varz', monitorUrl);
    const answer = await fetch(url, { signal: AbortSignal.timeout(MONITOR_LIMIT_MS) });
    const text: unknown = await answer.json();
    const config = field(field(text, 'jetstream'), 'config');
    if (field(config, 'sync_always') === true) return { kind: 'always' };
    const interval = Number(field(config, 'sync_interval'));
    if (!(interval > 0)) return { kind: 'unknown' };
    return { kind: 'every', interval: `${interval / NANOSECONDS_PER_SECOND} seconds` };
  } catch {
    return { kind: 'unknown' };
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** The sentence for people, and a second one where a cluster does not keep its promise. */
export function durabilitySentence(version: string, replicas: number, sync: SyncSetting): string {
  const caution = cautionOf(version, replicas);
  const promise = promiseOf(version, replicas, sync);
  return caution === null ? promise : `${promise} ${caution}`;
}

function promiseOf(version: string, replicas: number, sync: SyncSetting): string {
  const survives =
    replicas === 1
      ? 'What the log acknowledged survives a kill of any process'
      : `What the log acknowledged lies on ${Math.floor(replicas / 2) + 1} of ${replicas} servers and survives ` +
        `the loss of ${Math.floor((replicas - 1) / 2)}`;
  const place = replicas === 1 ? 'a loss of power' : 'a loss of power on all of them at once';
  switch (sync.kind) {
    case 'always':
      return `${survives}, and ${place} as far as the disks keep what was synced (nats-server ${version}, sync_interval always).`;
    case 'every':
      return `${survives}; ${place} may take back the last ${sync.interval} (nats-server ${version} syncs its disk no more often).`;
    case 'unknown':
      return (
        `${survives}; ${place} may take back the last ${lazySyncOf(version).interval} unless nats-server ${version} runs with ` +
        `sync_interval always, which is not known here: add ?monitor=http://host:8222 to the address of the log.`
      );
  }
}
