create table if not exists messages (
  position integer primary key autoincrement,
  id text not null unique,
  created_at text not null,
  last_event text not null,
  message text not null
);
create index if not exists messages_created_at on messages (created_at);

create table if not exists recipients (
  message_id text not null references messages (id) on delete cascade,
  address text not null,
  primary key (message_id, address)
);

create table if not exists attachments (
  id text primary key,
  message_id text not null references messages (id) on delete cascade,
  filename text not null,
  content_type text not null,
  content blob not null,
  content_id text
);
create index if not exists attachments_message_id on attachments (message_id);

create table if not exists idempotency_keys (
  key text primary key,
  fingerprint text not null,
  answer text not null,
  created_at text not null
);

create table if not exists failures (
  id integer primary key autoincrement,
  failure text not null
);

create table if not exists webhooks (
  id text primary key,
  message_id text not null references messages (id) on delete cascade,
  event text not null,
  payload text not null,
  attempts integer not null default 0,
  due_at text not null
);
create index if not exists webhooks_due_at on webhooks (due_at);
