import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';
import { boundedLimit } from '../page.ts';

/** A device that reports and that nobody has registered. */
export interface UnknownDevice {
  readonly protocol: string;
  readonly identifier: string;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  readonly frames: number;
}

/** Unknown devices, those heard last first. */
export async function listUnknownDevices(
  system: SystemScope,
  query: { readonly limit: number },
): Promise<readonly UnknownDevice[]> {
  const { rows } = await sql<UnknownDevice>`
    select protocol, identifier, followme.epoch_ms(first_seen) as "firstSeenMs",
           followme.epoch_ms(last_seen) as "lastSeenMs", frames::float8 as frames
      from followme.unknown_device
     order by last_seen desc, protocol, identifier
     limit ${boundedLimit(query.limit)}
  `.execute(system.db);
  return rows;
}
