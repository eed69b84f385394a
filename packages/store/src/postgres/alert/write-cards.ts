import type { AlertId, TenantId } from '@followme/model';
import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import type { AlertEntryKind } from './list-alert-entries.ts';
import type { RaisedAlert } from './raised-alert.ts';

/** A card to write, and what the system adds to its history. */
export interface CardToWrite {
  readonly card: RaisedAlert;
  readonly entries: readonly { readonly kind: AlertEntryKind; readonly atMs: number }[];
}

/**
 * Writes cards, new ones and changed ones, and their history; answers the id of each in the order given. The
 * caller holds the tenants (`holdAlerts`) and read the cards after that.
 */
export async function writeCards(
  system: SystemScope,
  cards: readonly CardToWrite[],
): Promise<readonly AlertId[]> {
  if (cards.length === 0) return [];
  const revisions = await takeRevisions(system, cards);
  const rows = cards.map(({ card }, place) => ({
    ...card,
    place,
    revision: revisions[place] ?? 0,
  }));
  const made = await insertCards(
    system,
    rows.filter(({ alertId }) => alertId === null),
  );
  await updateCards(
    system,
    rows.filter(({ alertId }) => alertId !== null),
  );
  const ids = rows.map((row) => row.alertId ?? made.get(row.place));
  const known = ids.filter((id) => id !== undefined);
  if (known.length !== ids.length) throw new Error('An inserted alert answered no id');
  await insertEntries(system, cards, known);
  return known;
}

/** A revision for each card, in order. */
async function takeRevisions(
  system: SystemScope,
  cards: readonly CardToWrite[],
): Promise<readonly number[]> {
  const counts = new Map<TenantId, number>();
  for (const { card } of cards) counts.set(card.tenantId, (counts.get(card.tenantId) ?? 0) + 1);
  const { rows } = await sql<{ tenantId: TenantId; last: number }>`
    update followme.tenant_alerting t set alerts_revision = t.alerts_revision + taken.count
      from unnest(${[...counts.keys()]}::int[], ${[...counts.values()]}::int8[]) as taken (tenant_id, count)
     where t.tenant_id = taken.tenant_id
    returning t.tenant_id as "tenantId", t.alerts_revision::float8 as last
  `.execute(system.db);
  const next = new Map(
    rows.map(({ tenantId, last }) => [tenantId, last - (counts.get(tenantId) ?? 0)]),
  );
  return cards.map(({ card: { tenantId } }) => {
    const revision = (next.get(tenantId) ?? 0) + 1;
    next.set(tenantId, revision);
    return revision;
  });
}

type CardRow = RaisedAlert & { readonly place: number; readonly revision: number };

/** Inserted ids by the place of their row. */
async function insertCards(
  system: SystemScope,
  rows: readonly CardRow[],
): Promise<ReadonlyMap<number, AlertId>> {
  if (rows.length === 0) return new Map();
  const result = await sql<{ alertId: AlertId; tenantId: TenantId; revision: number }>`
    insert into followme.alert
      (tenant_id, revision, key, state, severity, kind, rule_id, rule_name, tracker_id, fence_id, fence_name,
       transition, alarm, occurrences, first_time, last_time, raised_at, last_raised_at, notified_at,
       repeated_at, lon, lat, escalates_at, closed_at)
    select "tenantId", revision, key, state, severity, kind, "ruleId", "ruleName", "trackerId", "fenceId",
           "fenceName", transition, alarm, occurrences, followme.from_epoch_ms("firstTimeMs"),
           followme.from_epoch_ms("lastTimeMs"), followme.from_epoch_ms("raisedMs"),
           followme.from_epoch_ms("lastRaisedMs"), followme.from_epoch_ms("notifiedMs"),
           followme.from_epoch_ms("repeatedMs"), lon, lat, followme.from_epoch_ms("escalatesMs"),
           case when state = 'closed' then followme.from_epoch_ms("lastRaisedMs") end
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as card (
        place int, "tenantId" int, revision int8, key text, state text, severity text, kind text,
        "ruleId" int, "ruleName" text, "trackerId" int, "fenceId" int, "fenceName" text, transition text,
        alarm text, occurrences int, "firstTimeMs" float8, "lastTimeMs" float8, "raisedMs" float8,
        "lastRaisedMs" float8, "notifiedMs" float8, "repeatedMs" float8, lon float8, lat float8,
        "escalatesMs" float8)
     order by place
    returning id as "alertId", tenant_id as "tenantId", revision::float8 as revision
  `.execute(system.db);
  const idOf = new Map(result.rows.map((r) => [`${r.tenantId} ${r.revision}`, r.alertId]));
  const ids = new Map<number, AlertId>();
  for (const { place, tenantId, revision } of rows) {
    const id = idOf.get(`${tenantId} ${revision}`);
    if (id !== undefined) ids.set(place, id);
  }
  return ids;
}

/** What raising may change of a card that is there; an open one was opened again if it was answered. */
async function updateCards(system: SystemScope, rows: readonly CardRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    update followme.alert a
       set revision = card.revision, state = card.state, occurrences = card.occurrences,
           last_time = followme.from_epoch_ms(card."lastTimeMs"),
           last_raised_at = followme.from_epoch_ms(card."lastRaisedMs"),
           notified_at = followme.from_epoch_ms(card."notifiedMs"),
           repeated_at = followme.from_epoch_ms(card."repeatedMs"), lon = card.lon, lat = card.lat,
           escalates_at = followme.from_epoch_ms(card."escalatesMs"),
           acknowledged_at = case when card.state = 'open' then null else a.acknowledged_at end,
           acknowledged_by = case when card.state = 'open' then null else a.acknowledged_by end
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as card (
        "tenantId" int, "alertId" int, revision int8, state text, occurrences int, "lastTimeMs" float8,
        "lastRaisedMs" float8, "notifiedMs" float8, "repeatedMs" float8, lon float8, lat float8,
        "escalatesMs" float8)
     where a.tenant_id = card."tenantId" and a.id = card."alertId"
  `.execute(system.db);
}

async function insertEntries(
  system: SystemScope,
  cards: readonly CardToWrite[],
  ids: readonly AlertId[],
): Promise<void> {
  const entries = cards.flatMap(({ card, entries: added }, place) =>
    added.map((entry) => ({ ...entry, tenantId: card.tenantId, alertId: ids[place] })),
  );
  if (entries.length === 0) return;
  await sql`
    insert into followme.alert_entry (tenant_id, alert_id, at, kind)
    select "tenantId", "alertId", followme.from_epoch_ms("atMs"), kind
      from rows from (jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as
        ("tenantId" int, "alertId" int, "atMs" float8, kind text)) with ordinality
     order by ordinality
  `.execute(system.db);
}
