/** The service on a real database and a real log, with a tenant, a person and trackers. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLmdbLog, type Log } from '@followme/log';
import {
  BATCH_HEADER_BYTES,
  laneOf,
  ROW,
  RowDraft,
  trustedId,
  writeBatchHeader,
  type Alarm,
  type FenceEvent,
  type TenantId,
  type TrackerId,
  type UserId,
} from '@followme/model';
import {
  createMetrics,
  createRandom,
  silentLogger,
  systemClock,
  type Metrics,
} from '@followme/platform';
import {
  createRule,
  createSqlLaneLeases,
  createTenant,
  createTracker,
  createUser,
  listAlerts,
  listDeliveries,
  openStore,
  type Alert,
  type Delivery,
  type Ownership,
  type Rule,
  type RuleFields,
  type Store,
} from '@followme/store';
import { startTestPostgres } from '@followme/testkit';
import {
  createNotificationService,
  type NotificationService,
  type NotificationServiceDeps,
} from '../pipeline.ts';
import type { NotificationSettings } from '../settings.ts';
import { createSqlNotificationStores } from '../sql-stores.ts';

/** What a test may change of the service. */
type ServiceChange = Partial<Omit<NotificationServiceDeps, 'settings'>> & {
  readonly store?: Store;
  readonly ownership?: Ownership;
  readonly settings?: Partial<NotificationSettings>;
};

export interface World {
  readonly store: Store;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly trackerId: TrackerId;
  makeTracker(name: string): Promise<TrackerId>;
  makeRule(fields: Partial<RuleFields>): Promise<Rule>;
  /** Starts the service; the test stops it or `close` does. */
  start(change?: ServiceChange): Promise<NotificationService>;
  appendAlarm(alarm: Alarm, timeMs: number, trackerId?: TrackerId): Promise<void>;
  appendCrossing(event: Partial<FenceEvent>): Promise<void>;
  /** Asks the database behind the back of the service. */
  query<T extends object>(text: string, values?: readonly unknown[]): Promise<readonly T[]>;
  /** Every alert, oldest first. */
  alerts(): Promise<readonly Alert[]>;
  /** Every message, oldest first. */
  deliveries(): Promise<readonly Delivery[]>;
  close(): Promise<void>;
}

/** Times of a test: looks are made often, so that nothing has to be waited for. */
const QUICK: Partial<NotificationSettings> = {
  idleCommitMs: 50,
  outboxEveryMs: 20,
  renewEveryMs: 40,
  silenceEveryMs: 30,
  silenceGraceMs: 0,
  retryDelaysMs: [10, 10],
  drainWithinMs: 2_000,
};

/** A fresh installation. */
export async function makeWorld(): Promise<World> {
  const postgres = await startTestPostgres();
  const metrics = createMetrics();
  const engine = { clock: systemClock, logger: silentLogger, metrics };
  const store = await openStore({ ...engine, url: postgres.url });
  const folder = await mkdtemp(path.join(tmpdir(), 'followme-notification-'));
  const log = await createLmdbLog({ ...engine, path: folder, lanes: { positions: 4, events: 2 } });
  const running: NotificationService[] = [];
  const { tenantId, userId } = await makeTenant(store);
  const makeTracker = (name: string): Promise<TrackerId> => makeTrackerOf(store, tenantId, name);
  const trackerId = await makeTracker('Guard 1');
  let starts = 0;
  return {
    store,
    log,
    metrics,
    tenantId,
    userId,
    trackerId,
    makeTracker,
    makeRule: (fields) =>
      store.asTenant(tenantId, (tenant) =>
        createRule(tenant, { ...RULE, recipientIds: [userId], ...fields }),
      ),
    async start(change = {}) {
      starts += 1;
      const { store: asked = store, ownership = { kind: 'single' } } = change;
      const service = createNotificationService({
        ...engine,
        log,
        stores: createSqlNotificationStores(asked),
        leases: (consumer) => createSqlLaneLeases({ store: asked, consumer, ownership }),
        random: createRandom('world'),
        owner: `test ${starts}`,
        mailServer: null,
        publicUrl: 'https://track.example',
        webhookPrivateNetworks: true,
        userAgent: 'FollowMe/test',
        ...change,
        metrics: change.metrics ?? createMetrics(),
        settings: { ...QUICK, ...change.settings },
      });
      await service.start();
      running.push(service);
      return service;
    },
    async appendAlarm(alarm, timeMs, of = trackerId) {
      const lane = laneOf(of, log.lanes('positions'));
      await log.append('positions', lane, batchOf({ tenantId, trackerId: of, alarm, timeMs }));
    },
    async appendCrossing(event) {
      const whole = { ...crossing(tenantId, trackerId), ...event };
      const lane = laneOf(whole.trackerId, log.lanes('events'));
      await log.append('events', lane, Buffer.from(JSON.stringify(whole)));
    },
    query: <T extends object>(text: string, values: readonly unknown[] = []) =>
      store.asSystem(async ({ client }) => (await client.query<T>(text, [...values])).rows),
    alerts: () =>
      store.asTenant(tenantId, async (tenant) =>
        must(await listAlerts(tenant, { limit: 1_000 })).items.toReversed(),
      ),
    deliveries: () =>
      store.asTenant(tenantId, async (tenant) =>
        must(await listDeliveries(tenant, { limit: 1_000 })).items.toReversed(),
      ),
    async close() {
      for (const service of running) await service.stop();
      await log.close();
      await rm(folder, { recursive: true, force: true });
      await store.close();
      await postgres.stop();
    },
  };
}

const RULE: RuleFields = {
  name: 'Rule',
  enabled: true,
  severity: 'high',
  trigger: { kind: 'alarm', alarms: ['sos'] },
  groupIds: null,
  recipientIds: [],
  webhookIds: [],
  coolDownS: 0,
  escalation: null,
};

async function makeTenant(store: Store): Promise<{ tenantId: TenantId; userId: UserId }> {
  const tenant = { slug: 'ours', name: 'Ours', hosts: ['ours.example'], isProvider: false };
  const tenantId = must(await store.asSystem((system) => createTenant(system, tenant)));
  const person = { email: 'olga@x.example', name: 'Olga', password: 'x' };
  const userId = await store.asTenant(tenantId, async (scope) =>
    must(await createUser(scope, { ...person, role: 'operator', seesAll: true })),
  );
  return { tenantId, userId };
}

async function makeTrackerOf(store: Store, tenantId: TenantId, name: string): Promise<TrackerId> {
  const device = { protocol: 'meitrack', identifier: name };
  return store.asTenant(tenantId, async (tenant) =>
    must(await createTracker(tenant, { name, groupIds: [], device })),
  );
}

/** A batch of one position. */
function batchOf(fix: {
  readonly tenantId: TenantId;
  readonly trackerId: TrackerId;
  readonly alarm: Alarm;
  readonly timeMs: number;
}): Buffer {
  const header = Buffer.alloc(BATCH_HEADER_BYTES);
  writeBatchHeader(header, 1);
  const draft = new RowDraft();
  draft.setFixTimeMs(fix.timeMs);
  draft.setLonLatE7(51_000_000, 521_000_000);
  draft.setAlarm(fix.alarm);
  draft.seal();
  const row = Buffer.from(draft.bytes.subarray(0, draft.length));
  row.writeUInt32LE(fix.tenantId, ROW.tenantId);
  row.writeUInt32LE(fix.trackerId, ROW.trackerId);
  return Buffer.concat([header, row]);
}

function crossing(tenantId: TenantId, trackerId: TrackerId): FenceEvent {
  return {
    eventId: '00000000-0000-5000-8000-000000000000',
    tenantId,
    trackerId,
    fenceId: trustedId(3),
    fenceName: 'Depot',
    fencesVersion: 1,
    kind: 'enter',
    reason: 'fix',
    eventSeq: 1,
    initial: false,
    fixTimeMs: 0,
    receivedTimeMs: 0,
    lon: 5.1,
    lat: 52.1,
  };
}

/** The value of a result that must be ok. @throws Error with the error it carries instead. */
export function must<T>(
  result:
    { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T {
  if (!result.ok) throw new Error(`Not ok: ${JSON.stringify(result.error)}`);
  return result.value;
}
