-- What is old goes: whole days of positions, and old forms of places.

-- Drops the partition of a UTC day: 'dropped', 'absent' when there is none, 'busy' when somebody uses the table
-- and would have to wait. Runs with the owner's rights, since only the owner of a table may drop it.
--
-- It needs every other user of the positions out for a moment, and whoever comes while it waits for that waits
-- behind it: so it waits no longer than lock_timeout says here and comes again another time. A day that is still
-- written is refused, whatever is asked.
create function followme.drop_position_partition(day date) returns text
  language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '100ms'
as $$
declare
  partition text := 'position_' || to_char(day, 'YYYYMMDD');
begin
  if day > (clock_timestamp() at time zone 'UTC')::date - 2 then
    raise exception 'The day % is still written', day using errcode = 'invalid_parameter_value';
  end if;
  -- the lock of those who make partitions; of several droppers one does it
  if not pg_try_advisory_xact_lock(482922231923) then
    return 'busy';
  end if;
  if to_regclass('followme_partitions.' || quote_ident(partition)) is null then
    return 'absent';
  end if;
  begin
    execute format('drop table followme_partitions.%I', partition);
  exception when lock_not_available then
    return 'busy';
  end;
  return 'dropped';
end
$$;
revoke all on function followme.drop_position_partition(date) from public;
grant execute on function followme.drop_position_partition(date) to followme_system;

-- Forms that fences had, in the order in which the lanes leave them behind.
create index fence_version_past on followme.fence_version (tenant_id, to_version)
  where to_version is not null;
