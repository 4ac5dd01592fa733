// Auth: Supabase Lite's GoTrue, signed in as `supabase_auth_admin`; its mails go to the inbox, its tokens carry hosted's claims.
import { App, ResendEmailDriver } from "@supabase/lite";
import { decodeJwt, SignJWT } from "jose";
import { connect } from "./connection.mjs";

export async function authService({ lite, databases, issuer, mail }) {
  const connection = connect(databases.auth, { connections: 8 });
  const app = new App({
    connection,
    ...lite,
    storage: { enabled: false },
    options: { server: { admin: false }, drivers: { email: inbox(mail) } },
  });
  await app.init();
  return async (request, context) => completeTokens(await app.fetch(request, context), issuer, lite.auth.jwt_secret);
}

// Lite adds a text part whose link does not follow the template; hosted Auth sends the template alone.
function inbox(mail) {
  const driver = new ResendEmailDriver({ apiKey: mail.key, from: mail.from, endpoint: mail.endpoint });
  return { send: ({ text, ...message }) => driver.send(message) };
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
