import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';

/** `busy`: somebody uses the table; nothing happened, and nobody had to wait longer than 0.1 s. */
export type DroppedDay = 'dropped' | 'absent' | 'busy';

/**
 * Drops all positions of a UTC day (`YYYY-MM-DD`) by dropping its partition.
 * @throws the database's error for a day that is still written: today, yesterday, or to come.
 */
export async function dropDay(system: SystemScope, day: string): Promise<DroppedDay> {
  const result = await sql<{ outcome: DroppedDay }>`
    select followme.drop_position_partition(${day}::date) as outcome
  `.execute(system.db);
  return onlyRow(result, `dropping ${day}`).outcome;
}
