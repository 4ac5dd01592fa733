// The data API: Supabase Lite's PostgREST, signed in as `authenticator`, with the request's role and claims set as PostgREST does.
import { AsyncLocalStorage } from "node:async_hooks";
import { App } from "@supabase/lite";
import { sql } from "kysely";
import postgres from "postgres";
import { calls, contextOf } from "./calls.mjs";
import { connect } from "./connection.mjs";
import { asPostgrest } from "./errors.mjs";

const currentRequest = new AsyncLocalStorage();

export async function dataService({ lite, databases }) {
  const connection = connect(databases.authenticator, { connections: 5 });
  const settingsOfRole = await roleSettings(databases.authenticator);
  connection.applyJwtSessionContext = applyRequest(settingsOfRole);
  connection.applyRpcRequestGucs = async () => {};
  connection.normalizeDbError = asPostgrest;
  // authenticator itself may see nothing: what exists is read as a role that may see everything, as PostgREST reads the catalogue.
  const catalogue = connect(databases.catalogue, { connections: 1 });
  connection.introspect = (options) => catalogue.introspect(options);
  const app = new App({
    connection,
    ...lite,
    auth: { ...lite.auth, enabled: false },
    options: { server: { admin: false, middlewares: [trustTokenUntilVerified] } },
  });
  await app.init();
  await catalogue.introspect();
  const plain = await calls({ databases, lite }, settingsOfRole);
  await reloadOnNotice(databases.authenticator, async () => {
    await catalogue.introspect();
    await plain.reload(); // last: what is answered here shows that Lite knows the new schema, too
  });
  const byLite = (context) => (request) => currentRequest.run(request, () => app.fetch(request, context));
  return (request, context) => plain.answer(request, byLite(context));
}

// The handler verifies the token itself; without these two Lite would first look up user and session, in two more queries.
async function trustTokenUntilVerified(context, next) {
  const token = context.req.header("Authorization")?.match(/^Bearer\s+(.+)$/)?.[1];
  if (token && !token.startsWith("sb_")) {
    context.set("userId", "unverified");
    context.set("sessionId", "unverified");
  }
  await next();
}

// One statement sets what PostgREST sets: role, claims, the request's headers, and the settings of that role (its time-out).
function applyRequest(settingsOfRole) {
  return async (transaction, { auth = {} }) => {
    const claims = auth.jwt ?? { role: auth.role || "anon" };
    const context = contextOf({ ...claims, role: auth.role || "anon" }, currentRequest.getStore(), settingsOfRole);
    const calls = Object.entries(context).map(([name, value]) => sql`set_config(${name}, ${value}, true)`);
    await sql`select ${sql.join(calls)}`.execute(transaction);
  };
}

async function roleSettings(url) {
  const database = postgres(url, { max: 1 });
  const rows = await database`
    select rolname as role, setting from pg_catalog.pg_roles, unnest(rolconfig) as setting
    where rolname in ('anon', 'authenticated', 'service_role')`;
  await database.end();
  const settings = {};
  for (const { role, setting } of rows) {
    const [name, ...value] = setting.split("=");
    settings[role] = { ...settings[role], [name]: value.join("=") };
  }
  return settings;
}

// `notify pgrst, 'reload schema'` after a migration, as with PostgREST.
async function reloadOnNotice(url, reload) {
  const listener = postgres(url, { max: 1 });
  await listener.listen("pgrst", reload);
}
