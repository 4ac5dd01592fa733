// Auth: Supabase Lite's GoTrue, signed in as `supabase_auth_admin`; its mails go to the inbox, its tokens carry hosted's claims.
import { App, ResendEmailDriver } from "@supabase/lite";
import { decodeJwt, SignJWT } from "jose";
import { Confirmations } from "./confirmations.mjs";
import { connect } from "./connection.mjs";

export async function authService({ lite, databases, issuer, mail }) {
  const connection = connect(databases.auth, { connections: 8 });
  const mails = inbox(mail);
  const app = new App({
    connection,
    ...lite,
    storage: { enabled: false },
    options: { server: { admin: false }, drivers: { email: mails } },
  });
  await app.init();
  const database = connection.driver;
  const confirmations = new Confirmations({ database, email: lite.auth.email, siteUrl: lite.auth.site_url, send: mails.send });

  return async (request, context) => {
    const call = `${request.method} ${new URL(request.url).pathname.replace("/auth/v1", "")}`;
    const asked = await request.clone().json().catch(() => ({}));
    if (call === "POST /resend" && asked.type === "signup") return confirmations.resend(asked);
    const response = await app.fetch(request, context);
    if (call === "POST /signup" && response.status === 429) return confirmations.signUp(asked);
    if (call === "PUT /user" && response.ok && asked.password) await endOtherSessions(database, request);
    return completeTokens(response, issuer, lite.auth.jwt_secret);
  };
}

// Lite adds a text part whose link does not follow the template; hosted Auth sends the template alone.
function inbox(mail) {
  const driver = new ResendEmailDriver({ apiKey: mail.key, from: mail.from, endpoint: mail.endpoint });
  return { send: ({ text, ...message }) => driver.send(message) };
}

// A new password ends every session but the one that set it, as on hosted Auth.
async function endOtherSessions(database, request) {
  const { sub, session_id } = decodeJwt(request.headers.get("Authorization").slice("Bearer ".length));
  await database`delete from auth.sessions where user_id = ${sub} and id <> ${session_id}`;
}

async function completeTokens(response, issuer, secret) {
  if (!response.ok || !response.headers.get("content-type")?.includes("json")) return response;
  const body = await response.json();
  const session = body.session ?? body;
  if (session.access_token) {
    const user = session.user ?? body.user;
    const claims = {
      ...decodeJwt(session.access_token),
      iss: issuer,
      aal: "aal1",
      amr: [{ method: "password", timestamp: Math.floor(Date.now() / 1000) }],
      app_metadata: user.app_metadata,
      user_metadata: user.user_metadata,
      phone: user.phone ?? "",
      is_anonymous: user.is_anonymous ?? false,
    };
    const key = new TextEncoder().encode(secret);
    session.access_token = await new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(key);
  }
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  return new Response(JSON.stringify(body), { status: response.status, headers });
}
