import { sql, type RawBuilder } from 'kysely';

/**
 * Midnight UTC `keepDays` days before today, by the database's clock: that of a process may be wrong, and what is
 * deleted does not come back. A query of its own, so that it is asked once and an index can be used.
 */
export const midnightBefore = (keepDays: number): RawBuilder<Date> => sql<Date>`
  (select (date_trunc('day', clock_timestamp() at time zone 'UTC')
           - ${keepDays}::int * interval '1 day') at time zone 'UTC')`;
