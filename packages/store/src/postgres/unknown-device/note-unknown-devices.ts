import { sql } from 'kysely';
import type { SystemScope } from '../../port.ts';

/** Most unknown devices kept; those silent for longest make room. */
export const MAX_UNKNOWN_DEVICES = 10_000;

/** What an unknown device sent since it was noted last. */
export interface UnknownDeviceNote {
  readonly protocol: string;
  readonly identifier: string;
  readonly frames: number;
  /** When the newest of them came. */
  readonly atMs: number;
}

/** Counts devices nobody has registered. For the provider; never part of a tenant's data. */
export async function noteUnknownDevices(
  system: SystemScope,
  notes: readonly UnknownDeviceNote[],
): Promise<void> {
  if (notes.length === 0) return;
  await sql`
    insert into followme.unknown_device as known (protocol, identifier, first_seen, last_seen, frames)
    select protocol, identifier, min(at), max(at), sum(frames)
      from unnest(${notes.map((n) => n.protocol)}::text[], ${notes.map((n) => n.identifier)}::text[],
                  ${notes.map((n) => new Date(n.atMs))}::timestamptz[], ${notes.map((n) => n.frames)}::int8[])
           as noted (protocol, identifier, at, frames)
     group by protocol, identifier
     order by protocol, identifier
    on conflict (protocol, identifier) do update
       set last_seen = greatest(known.last_seen, excluded.last_seen),
           frames = known.frames + excluded.frames
  `.execute(system.db);
  await sql`
    delete from followme.unknown_device
     where (protocol, identifier) in (select protocol, identifier from followme.unknown_device
                                       order by last_seen desc offset ${MAX_UNKNOWN_DEVICES})
  `.execute(system.db);
}
