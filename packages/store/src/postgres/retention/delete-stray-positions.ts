import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import { midnightBefore } from './day-limit.ts';

/**
 * Deletes up to `limit` positions whose day has no partition of its own (devices with broken clocks, history older
 * than partitions are made for) when both their fix and their arrival lie more than `keepDays` days before today: by the time of a
 * broken clock alone they would go the day they came. Answers how many went.
 */
export async function deleteStrayPositions(
  system: SystemScope,
  { keepDays, limit }: { readonly keepDays: number; readonly limit: number },
): Promise<number> {
  const before = midnightBefore(keepDays);
  const { numAffectedRows } = await sql`
    delete from followme_partitions.position_default
     where ctid = any(array(
       select ctid from followme_partitions.position_default
        where fix_time < ${before} and received_time < ${before}
        limit ${limit}))
  `.execute(system.db);
  return Number(numAffectedRows ?? 0n);
}
