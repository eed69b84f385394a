import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';

/** UTC days before `beforeDay` that have a partition of positions, as `YYYY-MM-DD`, oldest first. */
export async function oldDays(system: SystemScope, beforeDay: string): Promise<readonly string[]> {
  const { rows } = await sql<{ day: string }>`
    select to_char(to_date(substr(child.relname, 10), 'YYYYMMDD'), 'YYYY-MM-DD') as day
      from pg_catalog.pg_inherits i
      join pg_catalog.pg_class child on child.oid = i.inhrelid
     where i.inhparent = 'followme.position'::regclass
       and child.relname ~ '^position_[0-9]{8}$'
       and child.relname < ${`position_${beforeDay.replaceAll('-', '')}`}
     order by child.relname
  `.execute(system.db);
  return rows.map(({ day }) => day);
}
