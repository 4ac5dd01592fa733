create table if not exists objects (
    seq integer primary key,
    id text not null unique,
    object text not null,
    created integer not null,
    body text not null,
    private text not null default '{}'
);
create index if not exists objects_by_age on objects (object, seq);
create index if not exists objects_by_payment_intent on objects (json_extract(body, '$.payment_intent'), object);
create index if not exists objects_by_customer on objects (json_extract(body, '$.customer'), object);
create index if not exists objects_by_charge on objects (json_extract(body, '$.charge'), object);

create table if not exists answers (
    idempotency_key text primary key,
    fingerprint text not null,
    path text not null,
    status integer not null,
    body text not null,
    request_id text not null,
    created real not null
);

create table if not exists deliveries (
    id integer primary key autoincrement, -- never used twice: a delivery may outlive its row
    event text not null,
    state text not null check (state in ('waiting', 'sending', 'held', 'delivered', 'dropped', 'given_up')),
    attempts integer not null default 0,
    due_at real not null
);
create index if not exists deliveries_due on deliveries (state, due_at);
create index if not exists deliveries_by_event on deliveries (event);

create table if not exists attempts (
    id integer primary key,
    delivery integer not null,
    at real not null,
    status integer,
    answer text not null
);
create index if not exists attempts_by_delivery on attempts (delivery);

create table if not exists timers (
    id integer primary key,
    subject text not null,
    task text not null,
    due_at real not null
);
create index if not exists timers_due on timers (due_at);
create index if not exists timers_by_subject on timers (subject);

create table if not exists faults (
    id integer primary key,
    target text not null check (target in ('api', 'webhooks')),
    remaining integer,
    rule text not null
);
