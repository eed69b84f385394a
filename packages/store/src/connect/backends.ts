/** The server's ends of our connections: which one a connection has, what they do, and how they are ended. */
import type { Clock } from '@followme/platform';
import { withDeadline } from '@followme/platform';
import type { Client, ClientBase } from 'pg';
import type { StoreAddress } from './address.ts';
import { connectOnce } from './connect-once.ts';

/** Longest of each step of asking the server, ms; of all steps together twice that. */
const ASK_LIMIT_MS = 3000;

/** The server's end of a connection. A process id alone comes back; with the time of its start it does not. */
export interface Backend {
  readonly pid: number;
  /** µs since 1970 UTC: as text a time would be read by other rules than it was written by when they are changed. */
  readonly startedUs: string;
}

/** Asks the server over connections of its own. */
export interface Backends {
  /** Those the server has something to do for, or had until a moment ago. @throws what the driver throws */
  pidsAtWork(backends: readonly Backend[]): Promise<ReadonlySet<number>>;
  /** Ends those there still are. @throws what the driver throws */
  end(backends: readonly Backend[]): Promise<void>;
}

const STARTED_US = `(extract(epoch FROM backend_start) * 1000000)::bigint`;

/** What the server calls a connection; null where that is not to be known. */
export async function backendOf(client: ClientBase): Promise<Backend | null> {
  const { rows } = await client.query<Backend>(
    `SELECT pid, ${STARTED_US}::text AS "startedUs" FROM pg_stat_get_activity(pg_backend_pid())`,
  );
  const [backend] = rows;
  // behind a pooler the server's end changes from transaction to transaction: there is nothing to ask about
  return backend?.pid === Reflect.get(client, 'processID') ? (backend ?? null) : null;
}

/** Asks the server at `address`, each time over a new connection that calls itself `applicationName`. */
export function createBackends(
  clock: Clock,
  address: StoreAddress,
  applicationName: string,
): Backends {
  const over = async <T>(work: (asking: Client) => Promise<T>): Promise<T> => {
    const asking = await connectOnce(address, {
      application_name: applicationName,
      connectionTimeoutMillis: ASK_LIMIT_MS,
      query_timeout: ASK_LIMIT_MS,
    });
    try {
      return await work(asking);
    } finally {
      await asking.end();
    }
  };
  const ask: typeof over = (work) =>
    withDeadline(clock, 2 * ASK_LIMIT_MS, 'asking the server', over(work));
  return {
    pidsAtWork: (backends) => ask((asking) => pidsAtWork(asking, backends)),
    end: (backends) => ask((asking) => endBackends(asking, backends)),
  };
}

const ASKED = `
  FROM pg_stat_activity activity
  JOIN unnest($1::int[], $2::bigint[]) AS asked (pid, started_us)
    ON asked.pid = activity.pid AND asked.started_us = ${STARTED_US}`;

const identified = (backends: readonly Backend[]): [number[], string[]] => [
  backends.map(({ pid }) => pid),
  backends.map(({ startedUs }) => startedUs),
];

/** What one just finished counts as work: its answer may come to us later than that of this question. */
async function pidsAtWork(
  asking: Client,
  backends: readonly Backend[],
): Promise<ReadonlySet<number>> {
  const { rows } = await asking.query<{ pid: number }>(
    `SELECT activity.pid ${ASKED}
      WHERE wait_event_type IS DISTINCT FROM 'Client'
         OR state_change > clock_timestamp() - interval '1 second'`,
    identified(backends),
  );
  return new Set(rows.map(({ pid }) => pid));
}

/**
 * A commit that waits for its standby is left alone: it would end as committed, and be seen and built upon before it
 * is as safe as was asked for.
 */
async function endBackends(asking: Client, backends: readonly Backend[]): Promise<void> {
  await asking.query(
    `SELECT pg_terminate_backend(activity.pid) ${ASKED}
      WHERE wait_event IS DISTINCT FROM 'SyncRep'`,
    identified(backends),
  );
}
