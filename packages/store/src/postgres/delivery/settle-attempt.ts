import type { AlertId, TenantId } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import { nextAlertsRevision } from '../alert/next-alerts-revision.ts';
import type { AttemptOutcome, DeliveryPurpose } from './delivery.ts';

/** How an attempt ended and what becomes of the message. */
export interface SettledAttempt {
  readonly delivery: {
    readonly deliveryId: string;
    readonly tenantId: TenantId;
    readonly alertId: AlertId | null;
    readonly purpose: DeliveryPurpose;
    /** Attempts made before this one. */
    readonly attempts: number;
    /** Where it went. */
    readonly address: string;
  };
  readonly epoch: number;
  readonly atMs: number;
  readonly tookMs: number;
  readonly outcome: AttemptOutcome;
  readonly detail: string | null;
  /** When it is tried again; null when this was the end. */
  readonly retryAtMs: number | null;
}

/** `lost`: another process delivers now, or the message was settled meanwhile. */
export type SettleOutcome = 'settled' | 'lost';

const STATE_OF: Readonly<Record<AttemptOutcome, string>> = {
  delivered: 'delivered',
  failed: 'dead',
  refused: 'dead',
  skipped: 'skipped',
};

/**
 * Writes down an attempt. What the end of a message of an escalation says about the card is told on it. `alertChanged`: the tenant's alerts have a new revision.
 */
export async function settleAttempt(
  system: SystemScope,
  attempt: SettledAttempt,
): Promise<{ readonly outcome: SettleOutcome; readonly alertChanged: boolean }> {
  const { delivery, outcome, retryAtMs } = attempt;
  const isOver = retryAtMs === null;
  // before the row of the message, as whoever answers the card does: two that wait for each other would never end
  const escalated =
    delivery.purpose === 'escalation' && isOver
      ? await nextAlertsRevision(system, delivery.tenantId)
      : null;
  const { rows } = await sql`
    update followme.delivery d
       set state = ${isOver ? STATE_OF[outcome] : 'waiting'}, attempts = d.attempts + ${outcome === 'skipped' ? 0 : 1},
           not_before = coalesce(followme.from_epoch_ms(${retryAtMs}::float8), d.not_before),
           settled_at = case when ${isOver} then followme.from_epoch_ms(${attempt.atMs + attempt.tookMs}::float8) end,
           last_detail = ${attempt.detail}, address = ${delivery.address}
     where d.tenant_id = ${delivery.tenantId} and d.id = ${delivery.deliveryId}::uuid
       and d.state = 'waiting' and d.attempts = ${delivery.attempts}
       and exists (select from followme.lane_progress
                    where consumer = 'deliveries' and lane = 0 and epoch = ${attempt.epoch})
    returning 1
  `.execute(system.db);
  if (rows.length === 0) return { outcome: 'lost', alertChanged: false };
  await sql`
    insert into followme.delivery_attempt (tenant_id, delivery_id, at, took_ms, outcome, detail)
    values (${delivery.tenantId}, ${delivery.deliveryId}::uuid, followme.from_epoch_ms(${attempt.atMs}::float8),
            ${Math.round(attempt.tookMs)}, ${outcome}, ${attempt.detail})
  `.execute(system.db);
  const alertChanged = escalated !== null && (await noteEscalation(system, attempt, escalated));
  return { outcome: 'settled', alertChanged };
}

/**
 * Says in the card's history that the people of its escalation were told: once since it opened, with whoever of
 * them is the first that is reached. When the last of them could not be told, nothing is announced any more.
 */
async function noteEscalation(
  system: SystemScope,
  { delivery, outcome, atMs }: SettledAttempt,
  revision: number,
): Promise<boolean> {
  const { tenantId, alertId } = delivery;
  const { rows } = await sql`
    with entry as (
      insert into followme.alert_entry (tenant_id, alert_id, at, kind)
      select tenant_id, id, followme.from_epoch_ms(${atMs}::float8), 'escalated' from followme.alert
       where tenant_id = ${tenantId} and id = ${alertId} and ${outcome === 'delivered'}
         and not exists (
           select from followme.alert_entry told
            where told.tenant_id = ${tenantId} and told.alert_id = ${alertId} and told.kind = 'escalated'
              and told.id > coalesce((
                select max(opened.id) from followme.alert_entry opened
                 where opened.tenant_id = ${tenantId} and opened.alert_id = ${alertId}
                   and opened.kind in ('raised', 'reopened')), 0))
      returning 1
    )
    update followme.alert set escalates_at = null, revision = ${revision}
     where tenant_id = ${tenantId} and id = ${alertId}
       and (exists (select from entry)
            or escalates_at is not null and not exists (
              select from followme.delivery
               where tenant_id = ${tenantId} and alert_id = ${alertId} and purpose = 'escalation'
                 and state = 'waiting'))
    returning 1
  `.execute(system.db);
  return rows.length > 0;
}
