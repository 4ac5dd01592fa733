-- How to get in: a link to an event online, a door code. Whoever sees the event may not read it, so it is no column of its row.

create table private.joinings (
    event_id uuid primary key references public.events (id) on delete cascade,
    words text not null check (length(words) between 1 and 1000),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
comment on table private.joinings is 'How to join an event: for people with a confirmed seat, and for its team.';

create trigger touch_updated_at before update on private.joinings
for each row execute function private.touch_updated_at();

create function private.how_to_join(event_id uuid) returns text
language plpgsql stable security definer -- whoever asks has been found to have a confirmed seat, or to be of the team
set search_path = ''
as $$
begin
    return (select joinings.words from private.joinings where joinings.event_id = how_to_join.event_id);
end;
$$;
comment on function private.how_to_join(uuid) is 'How to join an event; null where nothing is said.';

create function private.say_how_to_join(event public.events, edits jsonb) returns public.events
language plpgsql
set search_path = ''
as $$
declare
    v_event public.events := say_how_to_join.event;
    v_before text := private.how_to_join(v_event.id);
    v_now text := nullif(btrim(say_how_to_join.edits ->> 'joining'), '');
begin
    if not say_how_to_join.edits ? 'joining' or v_now is not distinct from v_before then
        return v_event;
    end if;
    delete from private.joinings where joinings.event_id = v_event.id;
    insert into private.joinings (event_id, words) select v_event.id, v_now where v_now is not null;
    update public.events set revision = events.revision + 1 where events.id = v_event.id returning * into v_event;
    perform private.audit('event.edited', 'event', v_event.id, v_event.organizer_id, jsonb_build_object(
        'revision', v_event.revision,
        'changed', jsonb_build_object('joining', jsonb_build_object('from', coalesce(v_before, ''), 'to', coalesce(v_now, '')))
    ));
    return v_event;
end;
$$;
comment on function private.say_how_to_join(public.events, jsonb) is
'Keeps what an edit says about joining an event, as a revision like any other; answers the event with it.';
