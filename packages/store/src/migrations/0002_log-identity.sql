-- Which log the offsets of lane_progress are places in: in any other log they mean nothing.

create table followme.log_claim (
  is_the_one boolean primary key default true check (is_the_one),
  identity text not null,
  claimed_at timestamptz not null default now()
);

grant select, insert on followme.log_claim to followme_system;
