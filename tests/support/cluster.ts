/** A scaled-out installation under test: processes on one NATS and one PostgreSQL, one tracker, and who watches it. */
import {
  startNats,
  startTestPostgres,
  waitUntil,
  type TestNats,
  type TestPostgres,
} from '@followme/testkit';
import { Client } from 'pg';
import { logIn, type Api } from './api.ts';
import { connectDevice } from './device.ts';
import { BUILT_PROGRAM, startProcess, type Role, type RunningProcess } from './processes.ts';
import { openViewer, type Viewer } from './viewer.ts';

const WAIT_MS = 30_000;
const IMEI = '860000000000023';
const QUIET = ['--log-level', 'warn'];
/** Fixes are so far apart, ms. */
const FIX_STEP_MS = 2_000;

/** The middle of the one place there is. */
export const INSIDE = { lon: 5.12, lat: 52.09 } as const;
/** Far outside of it. */
export const OUTSIDE = { lon: 5.2, lat: 52.09 } as const;

/** What there is in the database. */
interface Counts {
  readonly positions: number;
  readonly events: number;
  /** Occurrences over all alerts. */
  readonly alerts: number;
}

export interface Cluster {
  readonly nats: TestNats;
  readonly postgres: TestPostgres;
  /** Starts a process; `program` other than the present build for another release. */
  start(
    role: Role,
    options?: { readonly args?: readonly string[]; readonly program?: readonly string[] },
  ): Promise<RunningProcess>;
  /** Processes that were started and did not end by `stop`, `kill`, in order of their start. */
  of(role: Role): readonly RunningProcess[];
  firstOf(role: Role): RunningProcess;
  /** SIGTERM; answers the exit code. */
  stop(process: RunningProcess): Promise<number | null>;
  kill(process: RunningProcess): Promise<void>;
  /** The first login; every process that made one is asked. @throws Error when it is not exactly one. */
  login(): { readonly email: string; readonly password: string };
  signIn(to: RunningProcess): Promise<Api>;
  view(to: RunningProcess): Promise<Viewer>;
  /** One tracker, one place, one rule for its crossings. */
  makeWorld(api: Api): Promise<void>;
  /** The tracker reports to this process; resolves when it is acknowledged. */
  report(to: RunningProcess, place: { readonly lon: number; readonly lat: number }): Promise<void>;
  /** Waits until the database holds as much, and answers what it holds. */
  untilCounted(counts: Counts): Promise<void>;
  counts(): Promise<Counts>;
  /** Kills and removes everything. */
  end(): Promise<void>;
}

/** Resolves when the viewer was told of `count` crossings of a kind. */
export async function untilTold(
  viewer: Viewer,
  kind: 'enter' | 'exit',
  count: number,
): Promise<void> {
  await waitUntil(() => crossings(viewer, kind) >= count, WAIT_MS, `${count} × ${kind} told`);
}

/** How many crossings of a kind a viewer was told of. */
export function crossings({ messages }: Viewer, kind: 'enter' | 'exit'): number {
  return messages.filter(({ header, data }) => header === 'event' && data?.['kind'] === kind)
    .length;
}

/** Engines that hold nothing, and no process yet. */
export async function createCluster(): Promise<Cluster> {
  const nats = await startNats();
  const postgres = await startTestPostgres({ empty: true });
  const database = new Client({ connectionString: postgres.adminUrl });
  await database.connect();
  const running = new Set<RunningProcess>();
  const logins: { readonly email: string; readonly password: string }[] = [];
  const viewers: Viewer[] = [];
  // a minute ago, so that no fix is ahead of the clock
  let fixTimeMs = Math.floor(Date.now() / 1_000) * 1_000 - 60_000;

  const of = (role: Role): readonly RunningProcess[] =>
    [...running].filter(({ roles }) => roles.includes(role));
  const login: Cluster['login'] = () => {
    const [only, ...others] = logins;
    if (only === undefined || others.length > 0) throw new Error(`${logins.length} logins made`);
    return only;
  };
  const signIn = (to: RunningProcess): Promise<Api> =>
    logIn(to.url ?? '', login().email, login().password);
  const counts = async (): Promise<Counts> => {
    const { rows } = await database.query<Counts>(
      `select (select count(*)::int from followme.position) as positions,
              (select count(*)::int from followme.fence_event) as events,
              (select coalesce(sum(occurrences), 0)::int from followme.alert) as alerts`,
    );
    return rows[0] ?? { positions: 0, events: 0, alerts: 0 };
  };
  return {
    nats,
    postgres,
    async start(role, { args = [], program = BUILT_PROGRAM } = {}) {
      const process = await startProcess({
        roles: [role],
        log: nats.url,
        store: postgres.url,
        args: [...QUIET, ...args],
        program,
      });
      running.add(process);
      if (process.login !== null) logins.push(process.login);
      return process;
    },
    of,
    firstOf(role) {
      const [first] = of(role);
      if (first === undefined) throw new Error(`No ${role} runs`);
      return first;
    },
    stop(process) {
      running.delete(process);
      return process.stop();
    },
    async kill(process) {
      running.delete(process);
      await process.kill();
    },
    login,
    signIn,
    async view(to) {
      const { sessionKey } = await signIn(to);
      const viewer = await openViewer(to.url ?? '', sessionKey);
      viewers.push(viewer);
      return viewer;
    },
    makeWorld: (api) => makeWorld(api, database),
    async report(to, { lon, lat }) {
      const device = await connectDevice(to.devicePort ?? 0, IMEI);
      fixTimeMs += FIX_STEP_MS;
      await device.report(lon, lat, { fixTimeMs });
      device.close();
    },
    async untilCounted(wanted) {
      const isThere = async (): Promise<boolean> => {
        const now = await counts();
        return (
          now.positions >= wanted.positions &&
          now.events >= wanted.events &&
          now.alerts >= wanted.alerts
        );
      };
      await waitUntil(isThere, WAIT_MS, `${JSON.stringify(wanted)} in the database`);
    },
    counts,
    async end() {
      for (const viewer of viewers) viewer.close();
      await Promise.all([...running].map((process) => process.kill()));
      await database.end();
      await postgres.stop();
      await nats.stop();
    },
  };
}

async function makeWorld(api: Api, database: Client): Promise<void> {
  const device = { protocol: 'meitrack', identifier: IMEI };
  await api.must('POST', '/api/trackers', { name: 'Patrol', groupIds: [], device });
  const geometry = { type: 'Point', coordinates: [INSIDE.lon, INSIDE.lat], radiusM: 400 };
  await api.must('POST', '/api/fences', { name: 'Station', geometry });
  await api.must('POST', '/api/rules', {
    name: 'Crossings',
    enabled: true,
    severity: 'high',
    trigger: { kind: 'fence', fenceIds: null, on: ['enter', 'exit'] },
    groupIds: null,
    recipientIds: [],
    webhookIds: [],
    coolDownS: 0,
    escalation: null,
  });
  // from here on whatever is reported lies behind the change of places in its lane
  const isAnnounced = async (): Promise<boolean> => {
    const { rows } = await database.query(
      'select 1 from followme.tenant where fences_version <> fences_announced_version',
    );
    return rows.length === 0;
  };
  await waitUntil(isAnnounced, WAIT_MS, 'the place is announced');
}
