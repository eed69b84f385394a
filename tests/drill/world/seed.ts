/** What a drill needs in its database, made straight through the store before the first process starts. */
import { randomBytes } from 'node:crypto';
import { createMetrics, silentLogger, systemClock } from '@followme/platform';
import type { GroupId, TenantId, TrackerId, UserId, WebhookId } from '@followme/model';
import {
  createFence,
  createGroup,
  createRule,
  createTenant,
  createTracker,
  createUser,
  createWebhook,
  migrate,
  openStore,
  setGroupMembers,
  setGroupTrackers,
  type RuleFields,
  type Store,
  type TenantScope,
} from '@followme/store';
import { imeiOf, isWatched, squares } from '../journey.ts';

/** What was made. */
export interface Seeded {
  readonly tenantId: number;
  /** Tracker ids by index. */
  readonly trackerIds: readonly number[];
  /** Fence ids by name. */
  readonly fenceIds: ReadonlyMap<string, number>;
  readonly crossingRuleId: number;
  readonly sosRuleId: number;
  readonly webhookId: number;
  readonly email: string;
  readonly password: string;
}

/** Migrates the database and fills it with one customer, its trackers, squares, rules and one person who watches. */
export async function seed(
  url: string,
  plan: { readonly trackers: number; readonly webhookUrl: string },
): Promise<Seeded> {
  await migrate(url);
  const deps = { clock: systemClock, logger: silentLogger, metrics: createMetrics() };
  const store = await openStore({ ...deps, url });
  try {
    return await fill(store, plan);
  } finally {
    await store.close();
  }
}

async function fill(
  store: Store,
  plan: { readonly trackers: number; readonly webhookUrl: string },
): Promise<Seeded> {
  const customer = { slug: 'drill', name: 'Drill', hosts: ['127.0.0.1'], isProvider: false };
  const tenantId = must<TenantId>(await store.asSystem((system) => createTenant(system, customer)));
  return store.asTenant(tenantId, async (tenant) => {
    const trackerIds = await makeTrackers(tenant, plan.trackers);
    const fleet = await makeGroup(tenant, 'Fleet', trackerIds);
    const watched = await makeGroup(
      tenant,
      'Watched',
      trackerIds.filter((_, index) => isWatched(index)),
    );
    const fenceIds = new Map<string, number>();
    for (const square of squares()) {
      fenceIds.set(square.name, (await createFence(tenant, { ...square, groupIds: null })).fenceId);
    }
    const hook = { name: 'Drill', url: plan.webhookUrl };
    const { webhookId } = (await createWebhook(tenant, hook)).webhook;
    const crossing = { kind: 'fence', fenceIds: null, on: ['enter', 'exit'] } as const;
    const sos = { kind: 'alarm', alarms: ['sos'] } as const;
    const person = await makeViewer(tenant, fleet);
    return {
      tenantId,
      trackerIds,
      fenceIds,
      crossingRuleId: await makeRule(tenant, { trigger: crossing, groupIds: [watched] }, webhookId),
      sosRuleId: await makeRule(tenant, { trigger: sos, groupIds: null }, webhookId),
      webhookId,
      ...person,
    };
  });
}

async function makeTrackers(tenant: TenantScope, count: number): Promise<TrackerId[]> {
  const ids: TrackerId[] = [];
  for (let index = 0; index < count; index += 1) {
    const device = { protocol: 'meitrack', identifier: imeiOf(index) };
    ids.push(must(await createTracker(tenant, { name: `Tracker ${index}`, groupIds: [], device })));
  }
  return ids;
}

async function makeGroup(
  tenant: TenantScope,
  name: string,
  trackerIds: readonly TrackerId[],
): Promise<GroupId> {
  const groupId = must(await createGroup(tenant, { name }));
  await setGroupTrackers(tenant, groupId, trackerIds);
  return groupId;
}

async function makeViewer(tenant: TenantScope, groupId: GroupId) {
  const password = randomBytes(12).toString('hex');
  const email = 'viewer@drill.example';
  const person = { email, name: 'Viewer', password, role: 'operator', seesAll: false } as const;
  const userId: UserId = must(await createUser(tenant, person));
  await setGroupMembers(tenant, groupId, [userId]);
  return { email, password };
}

async function makeRule(
  tenant: TenantScope,
  about: Pick<RuleFields, 'trigger' | 'groupIds'>,
  webhookId: WebhookId,
): Promise<number> {
  const rule = await createRule(tenant, {
    name: 'Rule',
    enabled: true,
    severity: 'high',
    ...about,
    recipientIds: [],
    webhookIds: [webhookId],
    coolDownS: 0,
    escalation: null,
  });
  return rule.ruleId;
}

function must<T>(made: { ok: true; value: T } | { ok: false; error: { code: string } }): T {
  if (!made.ok) throw new Error(made.error.code);
  return made.value;
}

/** Trackers beside those of the journeys, many at once; answers their ids. They get the indexes from `first` on. */
export const ADD_STANDING_TRACKERS = `
  with made as (
    insert into followme.tracker (tenant_id, name, revision)
    select $1, 'Standing ' || i, t.registry_revision + 1
      from generate_series($2::int, $2::int + $3::int - 1) as i, followme.tenant t where t.id = $1
    returning id, name, revision
  ), devices as (
    insert into followme.device (tenant_id, tracker_id, protocol, identifier, revision)
    select $1, id, 'meitrack', '88' || lpad(substr(name, 10), 13, '0'), revision from made
    returning tracker_id
  ), bumped as (
    update followme.tenant set registry_revision = registry_revision + 1 where id = $1
  )
  select id::int as "trackerId", substr(name, 10)::int as index from made`;
