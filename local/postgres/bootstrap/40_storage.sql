-- Storage's rows are reached through its API, under the policies a project writes on storage.objects.

grant all on storage.buckets, storage.objects to postgres with grant option;
grant all on storage.buckets, storage.objects to anon, authenticated, service_role;

-- Whoever owns a table writes its policies. Hosted Supabase lends postgres just that right (supautils.policy_grants):
-- here these tables belong to a role of their own, lent to postgres, and 60_guard.sql refuses everything but policies.
create role supabase_policy_owner nologin;
grant supabase_policy_owner to supabase_storage_admin with inherit true, set false;
grant supabase_policy_owner to supabase_realtime_admin with inherit true, set false;
grant supabase_policy_owner to postgres with inherit true, set false;
alter table storage.objects owner to supabase_policy_owner;
alter table storage.buckets owner to supabase_policy_owner;
grant usage on schema storage, realtime to supabase_policy_owner;
