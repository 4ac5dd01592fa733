create table public.job_runs (
    name text primary key,
    ran_at timestamptz not null,
    milliseconds integer not null check (milliseconds >= 0),
    handled integer check (handled >= 0),
    handled_total bigint not null default 0,
    failed_at timestamptz,
    failure text,
    created_at timestamptz not null default now()
);
comment on table public.job_runs is 'The last run of each job: when, how long it took, what it did.';
comment on column public.job_runs.handled is 'How many things the last run handled; empty when it failed.';

create function public.record_job_run(name text, milliseconds integer, handled integer, failure text default null) returns jsonb
language sql security definer -- the secret key opens functions, not tables
set search_path = ''
as $$
    insert into public.job_runs (name, ran_at, milliseconds, handled, handled_total, failed_at, failure)
    values (
        record_job_run.name, now(), record_job_run.milliseconds, record_job_run.handled, coalesce(record_job_run.handled, 0),
        case when record_job_run.failure is not null then now() end, left(record_job_run.failure, 500)
    )
    on conflict (name) do update
    set ran_at = excluded.ran_at, milliseconds = excluded.milliseconds, handled = excluded.handled,
        handled_total = job_runs.handled_total + excluded.handled_total,
        failed_at = coalesce(excluded.failed_at, job_runs.failed_at), failure = coalesce(excluded.failure, job_runs.failure)
    returning jsonb_build_object('recorded', true)
$$;
comment on function public.record_job_run(text, integer, integer, text) is 'Notes one run of a job. For the worker.';
