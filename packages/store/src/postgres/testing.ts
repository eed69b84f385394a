/** What the tests of this folder begin with: a store, tenants with trackers, and batches of positions. */
import {
  ROW,
  RowDraft,
  trustedId,
  writeBatchHeader,
  BATCH_HEADER_BYTES,
  type Alarm,
  type Lane,
  type Result,
  type TenantId,
  type TrackerId,
} from '@followme/model';
import { createMetrics, silentLogger, systemClock, type Metrics } from '@followme/platform';
import { openStore } from '../connect/open-store.ts';
import type { Store } from '../port.ts';
import { createTenant } from './tenant/create-tenant.ts';
import { createTracker } from './tracker/create-tracker.ts';

/** A store for a test, and the metrics it counts in. */
export async function openTestStore(url: string): Promise<{ store: Store; metrics: Metrics }> {
  const metrics = createMetrics();
  const store = await openStore({ url, clock: systemClock, logger: silentLogger, metrics });
  return { store, metrics };
}

/** The value of a result that must be ok. @throws Error with the error it carries instead. */
export function must<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`Not ok: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** A tenant served under `<slug>.example`. */
export async function makeTenant(store: Store, slug: string): Promise<TenantId> {
  const tenant = { slug, name: slug, hosts: [`${slug}.example`], isProvider: false };
  return must(await store.asSystem((system) => createTenant(system, tenant)));
}

/** A tracker with a device of the same name. */
export async function makeTracker(
  store: Store,
  tenantId: TenantId,
  name: string,
): Promise<TrackerId> {
  const device = { protocol: 'meitrack', identifier: name };
  return must(
    await store.asTenant(tenantId, (t) => createTracker(t, { name, groupIds: [], device })),
  );
}

/** A fix for a batch; what is not named is unremarkable. */
export interface TestFix {
  readonly tenantId?: TenantId;
  readonly trackerId: TrackerId;
  readonly fixTimeMs: number;
  readonly receivedTimeMs?: number;
  readonly alarm?: Alarm;
  readonly lonE7?: number;
  readonly latE7?: number;
  readonly speedMps?: number;
  /** JSON texts by key. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A batch as it lies in the log. */
export function batchOf(fixes: readonly TestFix[]): Buffer {
  const draft = new RowDraft();
  const header = Buffer.alloc(BATCH_HEADER_BYTES);
  writeBatchHeader(header, fixes.length);
  const rows = fixes.map((fix) => {
    draft.reset();
    draft.setFixTimeMs(fix.fixTimeMs);
    draft.setLonLatE7(fix.lonE7 ?? 47_504_641, fix.latE7 ?? -523_033_451);
    if (fix.speedMps !== undefined) draft.setSpeedMps(fix.speedMps);
    if (fix.alarm !== undefined) draft.setAlarm(fix.alarm);
    for (const [key, json] of Object.entries(fix.attributes ?? {})) draft.addJson(key, json);
    draft.seal();
    const row = Buffer.from(draft.bytes.subarray(0, draft.length));
    row.writeUInt32LE(fix.tenantId ?? 1, ROW.tenantId);
    row.writeUInt32LE(fix.trackerId, ROW.trackerId);
    row.writeDoubleLE(fix.receivedTimeMs ?? fix.fixTimeMs + 1_000, ROW.receivedTimeMs);
    return row;
  });
  return Buffer.concat([header, ...rows]);
}

/** A lane by its number. */
export const laneAt = (number: number): Lane => trustedId<Lane>(number);
