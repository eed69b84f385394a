import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import { midnightBefore } from './day-limit.ts';

/**
 * Deletes up to `limit` fence events that were received more than `keepDays` days before today and sent. Their ids are never given again:
 * they follow from the tracker's event number, which lives with its state. Answers how many went.
 */
export async function deleteOldEvents(
  system: SystemScope,
  { keepDays, limit }: { readonly keepDays: number; readonly limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    with old as (
      select event.event_id
        from followme.tenant t
       cross join lateral (
         select e.event_id from followme.fence_event e
          where e.tenant_id = t.id and e.received_time < ${midnightBefore(keepDays)} and e.sent
          order by e.received_time
          limit ${limit}) event
       limit ${limit}
    )
    delete from followme.fence_event e using old where e.event_id = old.event_id
  `.execute(system.db);
  return Number(numAffectedRows ?? 0n);
}
