import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';

/**
 * Deletes messages that were settled, and cards that were closed, more than `keepMs` ago by the database's clock: at
 * most `limit` of each, with all that belongs to them. Answers how many went.
 */
export async function deleteSettled(
  system: SystemScope,
  request: { readonly keepMs: number; readonly limit: number },
): Promise<{ readonly deliveries: number; readonly alerts: number }> {
  // a query of its own: asked once, and an index can be used
  const before = sql<Date>`(select clock_timestamp() - ${request.keepMs}::float8 * interval '1 ms')`;
  const deliveries = await sql`
    delete from followme.delivery where id in (
      select id from followme.delivery
       where state <> 'waiting' and settled_at < ${before} limit ${request.limit})
  `.execute(system.db);
  const alerts = await sql`
    delete from followme.alert where id in (
      select id from followme.alert where state = 'closed' and closed_at < ${before} limit ${request.limit})
  `.execute(system.db);
  return {
    deliveries: Number(deliveries.numAffectedRows ?? 0n),
    alerts: Number(alerts.numAffectedRows ?? 0n),
  };
}
