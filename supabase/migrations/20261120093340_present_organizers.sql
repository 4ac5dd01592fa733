-- How a team presents itself to everyone: who it is, what it has coming, what it has held.

create function private.past_events(organizer_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
    return (
        select coalesce(jsonb_agg(to_jsonb(event_cards) order by latest.starts_at desc, latest.id), '[]')
        from (
            select events.id, events.starts_at
            from public.events
            where events.organizer_id = past_events.organizer_id and events.starts_at < private.now()
                and events.status in ('published', 'completed')
            order by events.starts_at desc, events.id
            limit 12
        ) as latest
        inner join public.event_cards on event_cards.id = latest.id
    );
end;
$$;
comment on function private.past_events(uuid) is 'What a team held of late, twelve at most, latest first.';

create function public.read_public_organizer(slug text, page_size integer default null, cursor text default null) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
    v_organizer record;
begin
    -- Sight decides: a team is shown to everyone once it has put an event on show.
    select organizers.id, organizers.slug, organizers.name, organizers.hue, organizers.about, organizers.website, organizers.picture_path
    into v_organizer
    from public.organizers
    where organizers.slug = read_public_organizer.slug;
    if not found then
        raise sqlstate 'PT404' using message = 'not_found', hint = 'There is no such organizer, or it has not put anything on show yet.';
    end if;
    return jsonb_build_object(
        'organizer', jsonb_build_object(
            'slug', v_organizer.slug, 'name', v_organizer.name, 'hue', v_organizer.hue, 'about', v_organizer.about,
            'website', v_organizer.website, 'picture_path', v_organizer.picture_path
        ),
        'past', private.past_events(v_organizer.id)
    ) || public.list_events(
        organizer => v_organizer.slug, page_size => read_public_organizer.page_size, cursor => read_public_organizer.cursor
    );
end;
$$;
comment on function public.read_public_organizer(text, integer, text) is
'An organizer as its page shows it to everyone: {organizer, events, next, past}; events to come soonest first, past ones latest first.
Refuses with not_found, cursor_invalid.';
