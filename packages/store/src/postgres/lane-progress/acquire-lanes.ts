import type { Lane } from '@followme/model';
import { sql } from 'kysely';
import type { OwnedLane } from '../../lanes/port.ts';
import type { SystemScope } from '../../port.ts';
import { leaseMsOf, type Consumer, type Ownership } from './lanes.ts';

/**
 * Takes at most `most` of `lanes`, in this order, as far as they are free. Each comes with a new epoch: from here
 * on nobody else's commit holds. An only process waits for a commit of the former owner that is under way; one of
 * several passes the lane over, and ends that commit when its owner has been missed for a while.
 */
export async function acquireLanes(
  system: SystemScope,
  consumer: Consumer,
  request: {
    readonly owner: string;
    readonly lanes: readonly Lane[];
    readonly ownership: Ownership;
    readonly most?: number;
  },
): Promise<readonly OwnedLane[]> {
  const { owner, lanes, ownership } = request;
  const most = Math.min(request.most ?? lanes.length, lanes.length);
  if (most <= 0) return [];
  await makeRows(system, consumer, lanes);
  const isShared = ownership.kind === 'leased';
  const leaseMs = leaseMsOf(ownership);
  const { rows } = await sql<OwnedLane>`
    with chosen as (
      select held.lane
        from unnest(${[...lanes]}::int2[]) with ordinality as wanted (lane, place)
        join followme.lane_lease held on held.consumer = ${consumer} and held.lane = wanted.lane
        join followme.lane_progress progress
          on progress.consumer = held.consumer and progress.lane = held.lane
       where ${!isShared} or held.owner is null or held.owner = ${owner}
          or held.lease_until is null or held.lease_until < clock_timestamp()
       order by wanted.place limit ${most}
         for update of held, progress ${isShared ? sql`skip locked` : sql``}
    ), leased as (
      update followme.lane_lease held
         set owner = ${owner}, lease_until = clock_timestamp() + ${leaseMs}::float8 * interval '1 ms'
        from chosen where held.consumer = ${consumer} and held.lane = chosen.lane
    )
    update followme.lane_progress held set epoch = held.epoch + 1
      from chosen where held.consumer = ${consumer} and held.lane = chosen.lane
    returning held.lane, held.epoch::float8 as epoch, held.committed_seq::float8 as "committedSequence"
  `.execute(system.db);
  if (isShared && rows.length < most) await endStuckCommits(system, consumer, lanes);
  return rows;
}

/** Only where there are none: to find that a row is there an insert would wait for a commit that changes it. */
async function makeRows(
  { db }: SystemScope,
  consumer: Consumer,
  lanes: readonly Lane[],
): Promise<void> {
  const wanted = sql`unnest(${[...lanes]}::int2[]) as wanted (lane)`;
  await sql`
    with made as (
      insert into followme.lane_progress (consumer, lane, epoch)
      select ${consumer}, lane, 0 from ${wanted}
       where not exists (select from followme.lane_progress p
                          where p.consumer = ${consumer} and p.lane = wanted.lane)
       order by lane
      on conflict do nothing
    )
    insert into followme.lane_lease (consumer, lane)
    select ${consumer}, lane from ${wanted}
     where not exists (select from followme.lane_lease l
                        where l.consumer = ${consumer} and l.lane = wanted.lane)
     order by lane
    on conflict do nothing
  `.execute(db);
}

/** What it frees is taken by the next look. */
async function endStuckCommits(
  { db }: SystemScope,
  consumer: Consumer,
  lanes: readonly Lane[],
): Promise<void> {
  await sql`select followme.end_stuck_commits(${consumer}, ${[...lanes]}::int2[])`.execute(db);
}
