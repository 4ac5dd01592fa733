-- Pictures of events. A cover_path is a folder in the bucket covers with one WebP per width; copies of an event share it.

create function public.prepare_event_cover(event_id uuid) returns jsonb
language plpgsql stable security definer -- says by right where a picture may lie
set search_path = ''
as $$
declare
    v_event public.events := private.teams_event(prepare_event_cover.event_id, 'events:write');
begin
    perform private.assert_editable(v_event);
    return jsonb_build_object('path', v_event.organizer_id || '/' || replace(gen_random_uuid()::text, '-', ''));
end;
$$;
comment on function public.prepare_event_cover(uuid) is
'The folder for a new picture of an event: {path}; set_event_cover then shows it. Refuses with not_found, not_permitted, event_is_closed.';

create function private.unused_cover(path text) returns text
language plpgsql stable
set search_path = ''
as $$
begin
    return case when not exists (select from public.events where events.cover_path = unused_cover.path) then unused_cover.path end;
end;
$$;
comment on function private.unused_cover(text) is 'A cover that no event shows any more, else null.';

create index on public.events (cover_path);

create function public.set_event_cover(event_id uuid, path text) returns jsonb
language plpgsql security definer -- events are edited by right, and written by functions alone
set search_path = ''
as $$
declare
    v_event public.events := private.teams_event(set_event_cover.event_id, 'events:write');
    v_former text := v_event.cover_path;
begin
    perform private.assert_editable(v_event);
    if set_event_cover.path !~ ('^' || v_event.organizer_id || '/[0-9a-f]{32}$') then
        raise sqlstate 'PT422' using message = 'picture_path_invalid', hint = 'Pictures lie in the folder of their organizer.';
    end if;
    update public.events set cover_path = set_event_cover.path where events.id = v_event.id returning * into v_event;
    perform private.audit('event.cover_changed', 'event', v_event.id, v_event.organizer_id,
        jsonb_build_object('cover_path', v_event.cover_path));
    return jsonb_build_object('event', private.team_event(v_event), 'unused_cover_path', private.unused_cover(v_former));
end;
$$;
comment on function public.set_event_cover(uuid, text) is
'Sets, or with null removes, an event''s picture: {event, unused_cover_path}; the latter is shown nowhere any more and is to be removed.
Refuses with not_found, not_permitted, event_is_closed, picture_path_invalid.';
