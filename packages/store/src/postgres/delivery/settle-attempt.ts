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

/** `lost`: another process delivers now, and nothing was written. */
export type SettleOutcome = 'settled' | 'lost';

const STATE_OF: Readonly<Record<AttemptOutcome, string>> = {
  delivered: 'delivered',
  failed: 'dead',
  refused: 'dead',
  skipped: 'skipped',
};

/**
 * Writes down an attempt, once, also when it is asked for again because the answer was lost. A message that was
 * settled while it was under way, since somebody answered the alert, stays settled: it counts as delivered when
 * it was. What the end of a message of an escalation says about the card is told on it. `alertChanged`: the
 * tenant's alerts have a new revision.
 */
export async function settleAttempt(
  system: SystemScope,
  attempt: SettledAttempt,
): Promise<{ readonly outcome: SettleOutcome; readonly alertChanged: boolean }> {
  const { delivery, retryAtMs } = attempt;
  // before the row of the message, as whoever answers the card does: two that wait for each other would never end
  const escalated =
    delivery.purpose === 'escalation' && retryAtMs === null
      ? await nextAlertsRevision(system, delivery.tenantId)
      : null;
  if (!(await writeAttempt(system, attempt))) {
    const isOurs = await holdsEpoch(system, attempt.epoch);
    return { outcome: isOurs ? 'settled' : 'lost', alertChanged: false };
  }
  const alertChanged = escalated !== null && (await noteEscalation(system, attempt, escalated));
  return { outcome: 'settled', alertChanged };
}

/** False when nothing was written: the epoch is gone, the attempt is there already, or the message is not. */
async function writeAttempt(system: SystemScope, attempt: SettledAttempt): Promise<boolean> {
  const { delivery, outcome, retryAtMs, detail } = attempt;
  const isOver = retryAtMs === null;
  const at = sql`followme.from_epoch_ms(${attempt.atMs}::float8)`;
  const endedAt = sql`followme.from_epoch_ms(${attempt.atMs + attempt.tookMs}::float8)`;
  // what was settled meanwhile changes only when the message arrived
  const isTaken = sql`(d.state = 'waiting' or ${outcome === 'delivered'})`;
  const { rows } = await sql`
    with settled as (
      update followme.delivery d
         set state = case when ${isTaken} then ${isOver ? STATE_OF[outcome] : 'waiting'} else d.state end,
             settled_at = case when not ${isTaken} then d.settled_at when ${isOver} then ${endedAt} end,
             not_before = case when ${isTaken}
               then coalesce(followme.from_epoch_ms(${retryAtMs}::float8), d.not_before) else d.not_before end,
             last_detail = case when ${isTaken} then ${detail} else d.last_detail end,
             attempts = d.attempts + ${outcome === 'skipped' ? 0 : 1}, address = ${delivery.address}
       where d.tenant_id = ${delivery.tenantId} and d.id = ${delivery.deliveryId}::uuid
         and (d.state = 'waiting' or ${outcome !== 'skipped'})
         and exists (select from followme.lane_progress
                      where consumer = 'deliveries' and lane = 0 and epoch = ${attempt.epoch})
         and not exists (select from followme.delivery_attempt a
                          where a.tenant_id = d.tenant_id and a.delivery_id = d.id and a.at = ${at})
      returning d.tenant_id, d.id
    )
    insert into followme.delivery_attempt (tenant_id, delivery_id, at, took_ms, outcome, detail)
    select tenant_id, id, ${at}, ${Math.round(attempt.tookMs)}, ${outcome}, ${detail} from settled
    returning 1
  `.execute(system.db);
  return rows.length > 0;
}

/** Whether delivering is still ours. */
async function holdsEpoch(system: SystemScope, epoch: number): Promise<boolean> {
  const { rows } = await sql`
    select 1 from followme.lane_progress where consumer = 'deliveries' and lane = 0 and epoch = ${epoch}
  `.execute(system.db);
  return rows.length > 0;
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
