/**
 * Two tenants on real engines for the tests of this service: `alpha` runs the installation, `beta` is a
 * customer. In each there are an administrator and, in group North, an operator and a member, who see one
 * of its two trackers.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLmdbLog, type Log } from '@followme/log';
import {
  BATCH_HEADER_BYTES,
  laneOf,
  ROW,
  RowDraft,
  trustedId,
  writeBatchHeader,
  type AlertId,
  type FenceEvent,
  type GroupId,
  type Lane,
  type TenantId,
  type TrackerId,
  type UserId,
} from '@followme/model';
import {
  createMetrics,
  createRandom,
  silentLogger,
  systemClock,
  type Clock,
  type Metrics,
} from '@followme/platform';
import {
  createGroup,
  createTenant,
  createTracker,
  createUser,
  holdAlerts,
  listUnknownDevices,
  loadLastStates,
  loadTrackers,
  noteUnknownDevices,
  openSession,
  openStore,
  registryRevisions,
  resolveTenant,
  setGroupMembers,
  setGroupTrackers,
  writeCards,
  type RaisedAlert,
  type Store,
  type UserRole,
} from '@followme/store';
import { startTestPostgres } from '@followme/testkit';
import { Client, type QueryResult } from 'pg';
import type { ClientServiceDeps } from '../service.ts';

/** The password of everybody here. */
export const PASSWORD = 'correct horse battery staple';

interface Person {
  readonly userId: UserId;
  readonly email: string;
  /** A session that lasts as long as the test. */
  readonly key: string;
}

export interface TestTenant {
  readonly tenantId: TenantId;
  readonly host: string;
  readonly admin: Person;
  readonly operator: Person;
  readonly member: Person;
  /** The group operator and member are in. */
  readonly northId: GroupId;
  /** In group North. */
  readonly seenId: TrackerId;
  /** In no group. */
  readonly hiddenId: TrackerId;
}

export interface ClientWorld {
  readonly alpha: TestTenant;
  readonly beta: TestTenant;
  /** A superuser’s address of the database, to put rows into it that other services write. */
  readonly adminUrl: string;
  /** Runs one statement as that superuser. */
  query(text: string, values?: readonly unknown[]): Promise<QueryResult>;
  readonly store: Store;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The clock of the service: real time, moved on by `moveOn`. */
  readonly clock: Clock;
  /** Moves the wall clock on, as sessions see it. */
  moveOn(byMs: number): void;
  /** Everything the service takes. */
  readonly deps: ClientServiceDeps;
  /** A fresh session of a person. */
  openSession(tenant: TestTenant, person: Person, ttlMs?: number): Promise<string>;
  /** One more tracker, in no group. */
  addTracker(tenant: TestTenant, name: string): Promise<TrackerId>;
  /** Appends a report of a tracker to the log, as the tracker service does. */
  report(tenant: TestTenant, trackerId: TrackerId, fixTimeMs: number): Promise<void>;
  /** The same for many trackers at once. */
  reportMany(
    tenant: TestTenant,
    trackerIds: readonly TrackerId[],
    fixTimeMs: number,
  ): Promise<void>;
  /** Makes an alert, as the notification service does, without telling anybody. Answers its id. */
  raise(tenant: TestTenant, trackerId: TrackerId, fields?: Partial<RaisedAlert>): Promise<AlertId>;
  /** The same for many alerts at once. */
  raiseMany(
    tenant: TestTenant,
    trackerId: TrackerId,
    fields: Partial<RaisedAlert> & { readonly count: number },
  ): Promise<readonly AlertId[]>;
  /** Appends a crossing to the log, as the operator does. */
  cross(event: FenceEvent): Promise<void>;
  stop(): Promise<void>;
}

/** When what alerts are about happened. */
export const RAISED_MS = Date.UTC(2026, 5, 1, 12);
const YEAR_MS = 365 * 24 * 3_600_000;

async function must<T>(
  work: Promise<{ readonly ok: true; readonly value: T } | { readonly ok: false }>,
): Promise<T> {
  const result = await work;
  if (!result.ok) throw new Error(`The test world cannot be made: ${JSON.stringify(result)}`);
  return result.value;
}

async function createPerson(
  store: Store,
  tenantId: TenantId,
  person: { readonly email: string; readonly role: UserRole },
): Promise<Person> {
  const { email, role } = person;
  return store.asTenant(tenantId, async (tenant) => {
    const userId = await must(
      createUser(tenant, { email, name: email, password: PASSWORD, role, seesAll: false }),
    );
    const nowMs = Date.now();
    const { token } = await openSession(tenant, { userId, ttlMs: YEAR_MS, nowMs });
    return { userId, email, key: token };
  });
}

async function createTestTenant(store: Store, slug: string, isProvider: boolean) {
  const host = `${slug}.test`;
  const tenantId = await store.asSystem((system) =>
    must(createTenant(system, { slug, name: `Tenant ${slug}`, hosts: [host], isProvider })),
  );
  const admin = await createPerson(store, tenantId, {
    email: `admin@${host}`,
    role: 'administrator',
  });
  const operator = await createPerson(store, tenantId, {
    email: `operator@${host}`,
    role: 'operator',
  });
  const member = await createPerson(store, tenantId, { email: `member@${host}`, role: 'member' });
  const rest = await store.asTenant(tenantId, async (tenant) => {
    const northId = await must(createGroup(tenant, { name: 'North' }));
    const device = { protocol: 'meitrack', identifier: `${slug}-1` };
    const seenId = await must(createTracker(tenant, { name: 'Seen', groupIds: [northId], device }));
    const hiddenId = await must(createTracker(tenant, { name: 'Hidden', groupIds: [] }));
    await must(setGroupTrackers(tenant, northId, [seenId]));
    await must(setGroupMembers(tenant, northId, [operator.userId, member.userId]));
    return { northId, seenId, hiddenId };
  });
  return { tenantId, host, admin, operator, member, ...rest };
}

/** One batch per lane with a row for each of its trackers, as the tracker service appends them. */
function createReports(log: Log): ClientWorld['reportMany'] {
  const draft = new RowDraft();
  const rowOf = (tenant: TestTenant, trackerId: TrackerId, fixTimeMs: number): Buffer => {
    draft.reset();
    draft.bytes.writeUInt32LE(tenant.tenantId, ROW.tenantId);
    draft.bytes.writeUInt32LE(trackerId, ROW.trackerId);
    draft.setFixTimeMs(fixTimeMs);
    draft.setLonLatE7(47_504_640, 523_033_450);
    draft.setSpeedMps(10);
    return Buffer.from(draft.bytes.subarray(0, draft.length));
  };
  return async (tenant, trackerIds, fixTimeMs) => {
    const lanes = new Map<Lane, Buffer[]>();
    for (const trackerId of trackerIds) {
      const lane = laneOf(trackerId, log.lanes('positions'));
      const rows = lanes.get(lane) ?? [];
      rows.push(rowOf(tenant, trackerId, fixTimeMs));
      lanes.set(lane, rows);
    }
    for (const [lane, rows] of lanes) {
      const header = Buffer.alloc(BATCH_HEADER_BYTES);
      writeBatchHeader(header, rows.length);
      await log.append('positions', lane, Buffer.concat([header, ...rows]));
    }
  };
}

/** SOSes of a device, unless told otherwise; each is a card of its own. All are written at once. */
function createRaiseMany(store: Store): ClientWorld['raiseMany'] {
  let raised = 0;
  const cardOf = (tenant: TestTenant, trackerId: TrackerId): RaisedAlert => ({
    tenantId: tenant.tenantId,
    alertId: null,
    key: `alarm:sos:${(raised += 1)}`,
    state: 'open',
    severity: 'critical',
    kind: 'alarm',
    ruleId: null,
    ruleName: null,
    trackerId,
    fenceId: null,
    fenceName: null,
    transition: null,
    alarm: 'sos',
    occurrences: 1,
    firstTimeMs: RAISED_MS,
    lastTimeMs: RAISED_MS,
    raisedMs: RAISED_MS + 1_000,
    lastRaisedMs: RAISED_MS + 1_000,
    notifiedMs: null,
    repeatedMs: null,
    lon: 4.7,
    lat: 52.3,
    escalatesMs: null,
  });
  return (tenant, trackerId, { count, ...fields }) => {
    const cards = Array.from({ length: count }, () => {
      const card = { ...cardOf(tenant, trackerId), ...fields };
      return { card, entries: [{ kind: 'raised', atMs: card.raisedMs } as const] };
    });
    return store.asSystem(async (system) => {
      await holdAlerts(system, [tenant.tenantId]);
      return writeCards(system, cards);
    });
  };
}

function createDeps(parts: {
  readonly store: Store;
  readonly log: Log;
  readonly clock: Clock;
  readonly metrics: Metrics;
}): ClientServiceDeps {
  const { store } = parts;
  return {
    ...parts,
    random: createRandom('client-world'),
    logger: silentLogger,
    liveSource: {
      loadTrackers: (since) => store.asSystem((system) => loadTrackers(system, since)),
      loadLastStates: () => store.asSystem(loadLastStates),
      revisions: () => store.asSystem(registryRevisions),
    },
    tenants: { resolve: (host) => resolveTenant(store, host) },
    provider: {
      listUnknownDevices: (limit) =>
        store.asSystem((system) => listUnknownDevices(system, { limit })),
    },
    readiness: () => [{ name: 'store', ok: true }],
    config: {
      host: '127.0.0.1',
      port: 0,
      about: {
        name: 'followme',
        version: '1.2.3',
        roles: ['client'],
        schemaVersion: 3,
        logFormat: 1,
      },
      staticDir: null,
      mapsDir: null,
      sessionTtlMs: 3_600_000,
      deviceProtocols: ['meitrack', 'simple'],
      deviceAddresses: [{ protocol: 'meitrack', label: 'Meitrack', port: 50_012 }],
      channels: { mailFrom: 'alerts@alpha.test', allowPrivateWebhooks: false },
      trustedProxies: [],
      maxSockets: 100,
    },
  };
}

/** Starts the engines and fills them. Call in `beforeAll`, stop in `afterAll`. */
export async function createClientWorld(): Promise<ClientWorld> {
  const postgres = await startTestPostgres();
  const folder = await mkdtemp(join(tmpdir(), 'followme-client-'));
  const metrics = createMetrics();
  let movedMs = 0;
  const clock: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + movedMs };
  const store = await openStore({ url: postgres.url, clock, logger: silentLogger, metrics });
  const log = await createLmdbLog({
    path: join(folder, 'log'),
    lanes: { positions: 4, events: 2 },
    clock,
    logger: silentLogger,
    metrics,
  });
  const alpha = await createTestTenant(store, 'alpha', true);
  const beta = await createTestTenant(store, 'beta', false);
  await store.asSystem((system) =>
    noteUnknownDevices(system, [
      { protocol: 'meitrack', identifier: 'nobody', frames: 3, atMs: Date.now() },
    ]),
  );
  const reportMany = createReports(log);
  const raiseMany = createRaiseMany(store);
  return {
    alpha,
    beta,
    adminUrl: postgres.adminUrl,
    async query(text, values = []) {
      const client = new Client({ connectionString: postgres.adminUrl });
      await client.connect();
      try {
        return await client.query(text, [...values]);
      } finally {
        await client.end();
      }
    },
    store,
    log,
    metrics,
    clock,
    moveOn: (byMs) => void (movedMs += byMs),
    deps: createDeps({ store, log, clock, metrics }),
    async openSession(tenant, person, ttlMs = YEAR_MS) {
      const session = { userId: person.userId, ttlMs, nowMs: clock.nowMs() };
      return (await store.asTenant(tenant.tenantId, (scope) => openSession(scope, session))).token;
    },
    addTracker: ({ tenantId }, name) =>
      store.asTenant(tenantId, (scope) => must(createTracker(scope, { name, groupIds: [] }))),
    report: (tenant, trackerId, fixTimeMs) => reportMany(tenant, [trackerId], fixTimeMs),
    reportMany,
    raiseMany,
    async raise(tenant, trackerId, fields = {}) {
      const [alertId] = await raiseMany(tenant, trackerId, { ...fields, count: 1 });
      if (alertId === undefined) throw new Error('The alert has no id');
      return alertId;
    },
    async cross(event) {
      const lane = trustedId<Lane>(event.trackerId % log.lanes('events'));
      await log.append('events', lane, Buffer.from(JSON.stringify(event)));
    },
    async stop() {
      await log.close();
      await store.close();
      await postgres.stop();
      await rm(folder, { recursive: true });
    },
  };
}
