import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import { midnightBefore } from './day-limit.ts';

/** UTC days more than `keepDays` days before today that have a partition of positions, as `YYYY-MM-DD`, oldest first. */
export async function oldDays(system: SystemScope, keepDays: number): Promise<readonly string[]> {
  const { rows } = await sql<{ day: string }>`
    select to_char(to_date(substr(child.relname, 10), 'YYYYMMDD'), 'YYYY-MM-DD') as day
      from pg_catalog.pg_inherits i
      join pg_catalog.pg_class child on child.oid = i.inhrelid
     where i.inhparent = 'followme.position'::regclass
       and child.relname ~ '^position_[0-9]{8}$'
       and child.relname < 'position_' || to_char(${midnightBefore(keepDays)} at time zone 'UTC', 'YYYYMMDD')
     order by child.relname
  `.execute(system.db);
  return rows.map(({ day }) => day);
}
