-- The one right that supabase_policy_owner lends to postgres is to write policies; hosted Supabase refuses the rest too.

create schema guard;
revoke all on schema guard from public;

create function guard.refuse_changes() returns event_trigger language plpgsql security definer set search_path = '' as $$
declare
  v_change record;
begin
  if session_user <> 'postgres' then
    return;
  end if;
  for v_change in select * from pg_event_trigger_ddl_commands() loop
    if v_change.schema_name in ('auth', 'storage', 'realtime')
      and v_change.command_tag not in ('CREATE POLICY', 'ALTER POLICY', 'CREATE TRIGGER', 'COMMENT', 'GRANT', 'REVOKE') then
      raise exception using errcode = '42501', message = format('must be owner of %s', v_change.object_identity);
    end if;
  end loop;
end;
$$;

create function guard.refuse_drops() returns event_trigger language plpgsql security definer set search_path = '' as $$
declare
  v_drop record;
begin
  if session_user <> 'postgres' then
    return;
  end if;
  for v_drop in select * from pg_event_trigger_dropped_objects() where original loop
    if v_drop.schema_name in ('auth', 'storage', 'realtime') and v_drop.object_type not in ('policy', 'trigger') then
      raise exception using errcode = '42501', message = format('must be owner of %s', v_drop.object_identity);
    end if;
  end loop;
end;
$$;

create event trigger guard_changes on ddl_command_end execute function guard.refuse_changes();
create event trigger guard_drops on sql_drop execute function guard.refuse_drops();
