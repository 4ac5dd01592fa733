// One joined topic of one websocket.
const PREFIX = "realtime:";
const LONGEST_TIMER = 2 ** 31 - 1;

export class Channel {
  constructor({ database, wire, message, claims, config }) {
    this.database = database;
    this.wire = wire;
    this.topic = message.topic;
    this.name = message.topic.slice(PREFIX.length);
    this.joinRef = message.join_ref ?? message.ref;
    this.claims = claims;
    this.config = config;
    this.private = config.private ?? false;
  }

  push(event, payload) {
    this.wire.push(this.topic, event, payload, this.joinRef);
  }

  // As hosted Realtime does: a row of this topic is written and read back as the caller in a transaction that never commits.
  async mayRead() {
    if (!this.private) return true;
    const { database, claims, name } = this;
    let visible = false;
    await database
      .begin(async (sql) => {
        const [{ id }] = await sql`
          insert into realtime.messages (topic, extension, private) values (${name}, 'broadcast', true) returning id`;
        await sql`select set_config('realtime.topic', ${name}, true), set_config('request.jwt.claims', ${JSON.stringify(claims)}, true),
          set_config('request.jwt.claim.sub', ${claims.sub ?? ""}, true), set_config('request.jwt.claim.role', ${claims.role}, true),
          set_config('role', ${claims.role}, true)`;
        visible = (await sql`select from realtime.messages where id = ${id}`).count === 1;
        throw new Undo();
      })
      .catch((error) => {
        if (!(error instanceof Undo)) console.error(error);
      });
    return visible;
  }

  // A client sends its fresh token before the old one ends; it is asked again whether it may read.
  async renew(claims) {
    this.claims = claims;
    if (await this.mayRead()) this.expireWithToken(this.onEnd);
    else this.end("Unauthorized");
  }

  expireWithToken(onEnd) {
    this.onEnd = onEnd;
    clearTimeout(this.timer);
    if (!this.claims.exp) return;
    const left = this.claims.exp * 1000 - Date.now();
    this.timer = setTimeout(() => this.end("Access token has expired"), Math.min(left, LONGEST_TIMER));
  }

  end(message) {
    this.push("system", { extension: "system", status: "error", message, channel: this.name });
    this.push("phx_close", {});
    this.leave();
    this.onEnd?.();
  }

  leave() {
    clearTimeout(this.timer);
  }
}

class Undo extends Error {}
