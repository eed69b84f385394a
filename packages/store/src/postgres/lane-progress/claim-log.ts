import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';

/**
 * Ties the database to the log named `identity` unless it is tied to one already. Answers the log it is tied
 * to: in any other, the places in `lane_progress` mean nothing.
 */
export async function claimLog(system: SystemScope, identity: string): Promise<string> {
  await sql`
    insert into followme.log_claim (identity) values (${identity}) on conflict do nothing
  `.execute(system.db);
  const stored = await sql<{ identity: string }>`
    select identity from followme.log_claim
  `.execute(system.db);
  return onlyRow(stored, 'the claim of the log').identity;
}

/** The log that the database is tied to, null while it is tied to none. */
export async function claimedLog(system: SystemScope): Promise<string | null> {
  const { rows } = await sql<{ identity: string }>`
    select identity from followme.log_claim
  `.execute(system.db);
  return rows[0]?.identity ?? null;
}
