-- Who owns which lane, apart from how far it is read: renewing a lease never waits for a commit under way, which
-- may take longer than a lease. The epoch stays with the offset, since every commit asks for it.
-- owner null: given back. lease_until null: does not run out, since its owner was the only process.
create table followme.lane_lease (
  consumer text not null,
  lane int2 not null,
  owner text,
  lease_until timestamptz,
  primary key (consumer, lane)
) with (fillfactor = 20);

insert into followme.lane_lease (consumer, lane) select consumer, lane from followme.lane_progress;
alter table followme.lane_progress drop column owner, drop column lease_until;

-- The processes that share the lanes of a consumer; one that is not seen until then counts no longer.
create table followme.lane_member (
  consumer text not null,
  owner text not null,
  seen_until timestamptz not null,
  primary key (consumer, owner)
) with (fillfactor = 20);

grant select, insert, update, delete on followme.lane_lease to followme_system;
grant select, insert, update, delete on followme.lane_member to followme_system;

-- Ends the transactions that for more than a second have held lanes that are free: those of a process that was
-- frozen, or cut off, in the middle of a commit. Its lanes would stay locked until somebody notices. Without the
-- right to (connections of another login) it ends nothing. Answers how many ended.
create function followme.end_stuck_commits(of_consumer text, of_lanes int2[]) returns int
language plpgsql security definer set search_path = pg_catalog as $$
declare
  holder int;
  ended int := 0;
begin
  for holder in
    select distinct activity.pid
      from followme.lane_progress p
      join followme.lane_lease lease on lease.consumer = p.consumer and lease.lane = p.lane
      join pg_catalog.pg_locks held
        on held.locktype = 'transactionid' and held.transactionid = p.xmax and held.granted
      join pg_catalog.pg_stat_activity activity on activity.pid = held.pid
     where p.consumer = of_consumer and p.lane = any(of_lanes)
       and (lease.owner is null or lease.lease_until < clock_timestamp())
       and activity.xact_start < clock_timestamp() - interval '1 s'
       and activity.pid <> pg_backend_pid()
  loop
    begin
      if pg_terminate_backend(holder) then
        ended := ended + 1;
      end if;
    exception when insufficient_privilege then
      null;
    end;
  end loop;
  return ended;
end
$$;
revoke all on function followme.end_stuck_commits(text, int2[]) from public;
grant execute on function followme.end_stuck_commits(text, int2[]) to followme_system;
