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

create function public.job_status() returns jsonb
language sql stable security definer -- the secret key opens functions, not tables
set search_path = ''
as $$
    select jsonb_build_object(
        'outbox', (
            select jsonb_build_object(
                'due', count(*),
                'oldest_seconds', coalesce(extract(epoch from now() - min(deliveries.next_attempt_at))::integer, 0)
            )
            from public.deliveries
            where deliveries.status in ('queued', 'sending') and deliveries.next_attempt_at <= now()
        ),
        'lapsed_holds', (select count(*) from public.orders where orders.status = 'pending' and orders.expires_at <= private.now()),
        'refunds_due', (
            select count(*) from public.payments
            where payments.kind = 'refund' and payments.status = 'requested' and payments.method = 'stripe'
                and payments.stripe_refund_id is null
        ),
        'checkouts_to_close', (select count(*) from public.checkouts where checkouts.status = 'closing'),
        'runs', (select coalesce(jsonb_agg(to_jsonb(job_runs) order by job_runs.name), '[]') from public.job_runs)
    )
$$;
comment on function public.job_status() is
'What the worker has before it: outbox, lapsed holds, refunds, sessions to close, and each job''s last run. For health pages.';
