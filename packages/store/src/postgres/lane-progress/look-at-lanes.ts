import type { Lane } from '@followme/model';
import { sql } from 'kysely';
import type { HeldLane, LeaseLook } from '../../lanes/port.ts';
import type { SystemScope } from '../../port.ts';
import { onlyRow } from '../only-row.ts';
import type { Consumer } from './lanes.ts';

/**
 * Says that `owner` lives, renews what it holds by epoch, and tells how the others are: all by the database's
 * clock and in one statement. Members that have not been seen for a minute are forgotten. Whoever changes several
 * leases locks them by lane, and before the members: two statements of one process never wait for each other.
 */
export async function lookAtLanes(
  system: SystemScope,
  consumer: Consumer,
  request: {
    readonly owner: string;
    readonly held: readonly HeldLane[];
    readonly all: readonly Lane[];
    readonly leaseMs: number;
  },
): Promise<LeaseLook> {
  const { owner, held } = request;
  const ours = new Set(held.map(({ lane }) => lane));
  const missing = request.all.filter((lane) => !ours.has(lane));
  const until = sql`clock_timestamp() + ${request.leaseMs}::float8 * interval '1 ms'`;
  const result = await sql<LeaseLook>`
    with seen as (
      insert into followme.lane_member (consumer, owner, seen_until)
      values (${consumer}, ${owner}, ${until})
      on conflict (consumer, owner) do update set seen_until = excluded.seen_until
    ), forgotten as (
      delete from followme.lane_member gone
       using (select consumer, owner from followme.lane_member
               where consumer = ${consumer} and owner <> ${owner}
                 and seen_until < clock_timestamp() - interval '1 minute'
                 for update skip locked) old
       where gone.consumer = old.consumer and gone.owner = old.owner
    ), ours as (
      select lease.lane
        from unnest(${held.map((l) => l.lane)}::int2[], ${held.map((l) => l.epoch)}::int8[])
             as asked (lane, epoch)
        join followme.lane_progress progress
          on progress.consumer = ${consumer} and progress.lane = asked.lane
         and progress.epoch = asked.epoch
        join followme.lane_lease lease
          on lease.consumer = ${consumer} and lease.owner = ${owner} and lease.lane = asked.lane
       order by lease.lane for update of lease
    ), renewed as (
      update followme.lane_lease lease set lease_until = ${until}
        from ours where lease.consumer = ${consumer} and lease.lane = ours.lane
      returning lease.lane
    ), others as (
      select case when lease.owner is null or lease.owner = ${owner} or lease.lease_until is null then 0
                  else greatest(0, extract(epoch from lease.lease_until - clock_timestamp()) * 1000)
             end::float8 as free_ms
        from unnest(${missing}::int2[]) as missing (lane)
        left join followme.lane_lease lease
          on lease.consumer = ${consumer} and lease.lane = missing.lane
    )
    select coalesce((select array_agg(lane) from renewed), '{}') as kept,
           (select count(*)::int + 1 from followme.lane_member
             where consumer = ${consumer} and owner <> ${owner}
               and seen_until >= clock_timestamp()) as members,
           (select count(*)::int from others where free_ms = 0) as free,
           (select min(free_ms) from others) as "nextFreeMs"
  `.execute(system.db);
  return onlyRow(result, 'the look at the lanes');
}

/** The owner takes no more lanes of this consumer, and holds none, whatever the epoch. */
export async function leaveLanes(
  system: SystemScope,
  consumer: Consumer,
  owner: string,
): Promise<void> {
  await sql`
    with ours as (
      select lane from followme.lane_lease where consumer = ${consumer} and owner = ${owner}
       order by lane for update
    ), freed as (
      update followme.lane_lease lease set owner = null, lease_until = null
        from ours where lease.consumer = ${consumer} and lease.lane = ours.lane
      returning 1
    )
    delete from followme.lane_member where consumer = ${consumer} and owner = ${owner}
       -- always so; asked first, so that the leases are locked first
       and (select count(*) from freed) >= 0
  `.execute(system.db);
}
