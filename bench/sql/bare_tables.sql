-- The tables that an order is written to, with their indexes and constraints of rows, but no triggers, foreign keys or policies.
drop schema if exists bench cascade;
create schema bench;
create table bench.orders (like public.orders including all);
create table bench.order_lines (like public.order_lines including all);
create table bench.attendees (like public.attendees including all);
create table bench.order_requests (like private.order_requests including all);
create table bench.audit_entries (like public.audit_entries including all);
create table bench.untold_changes (like private.untold_changes including all);
create table bench.pools (like public.pools including all) with (fillfactor = 50);
insert into bench.pools select * from public.pools;
create sequence bench.reference;
vacuum (analyze) bench.pools;
