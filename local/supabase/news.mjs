// New rows of realtime.messages, read while anyone listens; hosted Realtime reads them from the write-ahead log. `notify` would tell
// a little sooner, but transactions that notify can only commit one after another, and every order tells of its seats.
const PAUSE = 25;
const LONGEST_TRANSACTION = "30 seconds";

export class News {
  constructor({ database, hasListeners, deliver }) {
    Object.assign(this, { database, hasListeners, deliver });
    this.seen = null;
    this.next();
  }

  // From the return on, nothing that commits is missed.
  async follow() {
    if (this.seen) return;
    const [{ seen }] = await this.database`select pg_current_snapshot()::text as seen`;
    this.seen ??= seen;
  }

  next() {
    setTimeout(() => this.read().catch((error) => console.error(error)).finally(() => this.next()), PAUSE).unref();
  }

  async read() {
    if (!this.hasListeners()) this.seen = null;
    if (!this.seen) return;
    const [{ seen, messages }] = await this.database`
      select pg_current_snapshot()::text as seen, coalesce(json_agg(messages order by inserted_at), '[]') as messages
      from realtime.messages
      where inserted_at > now() - ${LONGEST_TRANSACTION}::interval
        and not pg_visible_in_snapshot(xmin::text::xid8, ${this.seen}::pg_snapshot)`;
    this.seen = seen;
    messages.forEach(this.deliver);
  }
}
