import type { AlertId, TenantId } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
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
 * Writes down an attempt. The first message of an escalation that arrives is told in the card's history; one
 * that never can takes the announcement from the card. `alertChanged`: the tenant's alerts have a new revision.
 */
export async function settleAttempt(
  system: SystemScope,
  attempt: SettledAttempt,
): Promise<{ readonly outcome: SettleOutcome; readonly alertChanged: boolean }> {
  const { delivery, outcome, retryAtMs } = attempt;
  const isOver = retryAtMs === null;
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
  const isEscalated = delivery.purpose === 'escalation' && isOver;
  return {
    outcome: 'settled',
    alertChanged: isEscalated ? await noteEscalation(system, attempt) : false,
  };
}

/** Once per escalation, whoever of its receivers is first. */
async function noteEscalation(
  system: SystemScope,
  { delivery, outcome, atMs }: SettledAttempt,
): Promise<boolean> {
  const { tenantId, alertId } = delivery;
  const { rows } = await sql`
    with taken as (
      update followme.tenant set alerts_revision = alerts_revision + 1
       where id = ${tenantId} and exists (select from followme.alert
         where tenant_id = ${tenantId} and id = ${alertId} and escalates_at is not null)
      returning alerts_revision as revision
    ), noted as (
      update followme.alert a set escalates_at = null, revision = taken.revision
        from taken
       where a.tenant_id = ${tenantId} and a.id = ${alertId} and a.escalates_at is not null
      returning a.id
    ), entry as (
      insert into followme.alert_entry (tenant_id, alert_id, at, kind)
      select ${tenantId}, id, followme.from_epoch_ms(${atMs}::float8), 'escalated' from noted
       where ${outcome === 'delivered'}
    )
    select 1 from noted
  `.execute(system.db);
  return rows.length > 0;
}
