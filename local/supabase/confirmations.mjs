// Confirmation mails a second time, and silence about who has an account: hosted Auth does both, Supabase Lite neither.
import { createHash, randomInt, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";

const TOO_SOON = { code: 429, error_code: "over_email_send_rate_limit", msg: "For security purposes, you can only request this later." };

export class Confirmations {
  constructor({ database, email, siteUrl, send }) {
    Object.assign(this, { database, siteUrl, send });
    this.template = email.template.confirmation;
    this.pause = Number.parseInt(email.max_frequency, 10) * 1000;
  }

  // Signing up with an address that has an account: one not confirmed yet gets its mail again, a confirmed one a made-up answer.
  async signUp({ email, data = {} }) {
    const user = await this.find(email);
    if (!user.email_confirmed_at && !(await this.sendAgain(user))) return Response.json(TOO_SOON, { status: 429 });
    return Response.json(madeUpUser(email, data));
  }

  async resend({ email }) {
    const user = await this.find(email);
    if (user && !user.email_confirmed_at && !(await this.sendAgain(user))) return Response.json(TOO_SOON, { status: 429 });
    return Response.json({});
  }

  async find(email = "") {
    const [user] = await this.database`
      select id, email, email_confirmed_at, confirmation_sent_at from auth.users where email = ${email.toLowerCase()}`;
    return user;
  }

  async sendAgain(user) {
    if (Date.now() - Date.parse(user.confirmation_sent_at) < this.pause) return false;
    const code = String(randomInt(1_000_000)).padStart(6, "0");
    const hash = createHash("sha256").update(user.email + code).digest("hex");
    await this.database`
      update auth.users set confirmation_token = ${hash}, confirmation_sent_at = now() where id = ${user.id}`;
    const values = { SiteURL: this.siteUrl, TokenHash: hash, Token: code, Email: user.email };
    const html = (await readFile(this.template.content_path, "utf8")).replace(/{{\s*\.(\w+)\s*}}/g, (_, name) => values[name] ?? "");
    await this.send({ to: user.email, subject: this.template.subject, html });
    return true;
  }
}

function madeUpUser(email, data) {
  const now = new Date().toISOString();
  return {
    id: randomUUID(), aud: "authenticated", role: "", email: email.toLowerCase(), phone: "", identities: [], is_anonymous: false,
    app_metadata: { provider: "email", providers: ["email"] }, user_metadata: data,
    confirmation_sent_at: now, created_at: now, updated_at: now,
  };
}
