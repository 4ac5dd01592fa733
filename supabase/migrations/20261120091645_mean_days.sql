-- Which days a search means. A day is that of the place: each event is judged by its own clocks.

create type private.wanted_days as (days text, first_day date, last_day date);

create function private.day_faults(days text, first_day text, last_day text) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
    return (
        select coalesce(jsonb_agg(jsonb_build_object('field', fault.field, 'code', fault.code)), '[]')
        from (values
            ('days', 'days_unknown', day_faults.days <> all('{today,tomorrow,weekend,week,dates}')),
            ('first_day', 'day_invalid', day_faults.first_day is not null and private.date_or_null(day_faults.first_day) is null),
            ('last_day', 'day_invalid', day_faults.last_day is not null and private.date_or_null(day_faults.last_day) is null),
            ('last_day', 'days_reversed', private.date_or_null(day_faults.last_day) < private.date_or_null(day_faults.first_day))
        ) as fault (field, code, found)
        where fault.found
    );
end;
$$;
comment on function private.day_faults(text, text, text) is
'What is wrong with the days that somebody asks for: [{field, code}] of days_unknown, day_invalid, days_reversed.';

create function private.days_meant(wanted private.wanted_days, today date) returns daterange
language plpgsql immutable
set search_path = ''
as $$
declare
    v_monday date := date_trunc('week', days_meant.today)::date;
begin
    return case (days_meant.wanted).days
        when 'today' then daterange(days_meant.today, days_meant.today, '[]')
        when 'tomorrow' then daterange(days_meant.today + 1, days_meant.today + 1, '[]')
        when 'weekend' then daterange(v_monday + 5, v_monday + 6, '[]')
        when 'week' then daterange(days_meant.today, days_meant.today + 6, '[]')
        else daterange((days_meant.wanted).first_day, (days_meant.wanted).last_day, '[]')
    end;
end;
$$;
comment on function private.days_meant(private.wanted_days, date) is
'The days that are asked for, where it is today: weekend is the Saturday and Sunday of this week, week is today and the six days after;
else those from first_day to last_day, either of which may be left open.';

create function private.span_of_days(wanted private.wanted_days) returns tstzrange
language plpgsql stable
set search_path = ''
as $$
begin
    -- A day begins first where clocks are fourteen hours ahead, and ends last where they are twelve behind.
    return tstzrange(
        lower(private.days_meant(span_of_days.wanted, (private.now() at time zone 'Etc/GMT+12')::date))::timestamp at time zone 'Etc/GMT-14',
        upper(private.days_meant(span_of_days.wanted, (private.now() at time zone 'Etc/GMT-14')::date))::timestamp at time zone 'Etc/GMT+12'
    );
end;
$$;
comment on function private.span_of_days(private.wanted_days) is 'The instants at which it is one of these days anywhere: an index finds them.';

create function private.falls_on(starts_at timestamptz, timezone text, wanted private.wanted_days) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
    return (falls_on.starts_at at time zone falls_on.timezone)::date
        <@ private.days_meant(falls_on.wanted, (private.now() at time zone falls_on.timezone)::date);
end;
$$;
comment on function private.falls_on(timestamptz, text, private.wanted_days) is 'Whether it is one of these days where the clocks show timezone.';
