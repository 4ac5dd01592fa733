// POST /rpc/<function> by the shortest way: one transaction whose statements are sent together. What is not plain (another result than
// one jsonb, an unknown argument, a key or token in doubt) is left to Supabase Lite, which answers the same, only slower.
import { jwtVerify } from "jose";
import postgres from "postgres";
import { answerOf } from "./errors.mjs";
import { encodedOnce } from "./connection.mjs";

const PATH = /^\/rest\/v1\/rpc\/([a-z_]+)$/;
const TOKENS = 1000;
const STATUS = "current_setting('response.status') as status"; // read after the call, which may have set it
const CONNECTIONS = 10; // as many as PostgREST has, unless told otherwise

export async function calls({ databases, lite }, settingsOfRole) {
  const types = { jsonb: encodedOnce(3802) };
  const database = postgres(databases.authenticator, { max: CONNECTIONS, types, onnotice: () => {} });
  const { publishable_key: anonKey, secret_key: serviceKey, jwt_secret: secret } = lite.auth;
  const identify = verifier(new TextEncoder().encode(secret));
  let functions = await plainFunctions(databases.catalogue);

  async function answer(request, otherwise) {
    const name = new URL(request.url).pathname.match(PATH)?.[1];
    const names = functions.get(name);
    const claims = names && request.method === "POST" && (await claimsOf(request.headers));
    if (!claims) return otherwise(request);
    const body = await request.text();
    const given = parsed(body);
    if (!given || Object.keys(given).some((argument) => !names.has(argument))) {
      return otherwise(new Request(request.url, { method: "POST", headers: request.headers, body }));
    }
    return call(name, given, claims, request);
  }

  async function claimsOf(headers) {
    const key = headers.get("apikey");
    if (key !== anonKey && key !== serviceKey) return null;
    if (["prefer", "accept-profile", "content-profile"].some((name) => headers.has(name))) return null;
    if (key === serviceKey && /mozilla/i.test(headers.get("user-agent") ?? "")) return null;
    const token = headers.get("authorization")?.match(/^Bearer\s+(.+)$/)?.[1] ?? key;
    return token === key ? { role: key === serviceKey ? "service_role" : "anon" } : identify(token);
  }

  async function call(name, given, claims, request) {
    const asked = Object.keys(given);
    const list = asked.map((argument, place) => `"${argument}" := $${place + 1}`).join(", ");
    const context = Object.entries(contextOf(claims, request, settingsOfRole));
    const set = context.map((_, place) => `set_config($${2 * place + 1}, $${2 * place + 2}, true)`).join(", ");
    try {
      const [, [{ answer, status }]] = await database.begin((sql) => [
        sql.unsafe(`select ${set}`, context.flat(), { prepare: true }),
        sql.unsafe(`select public.${name}(${list})::text as answer, ${STATUS}`, asked.map((argument) => given[argument]), { prepare: true }),
      ]);
      return new Response(answer ?? "null", { status: Number(status) || 200, headers: { "Content-Type": "application/json; charset=utf-8" } });
    } catch (error) {
      return answerOf(error, claims.role);
    }
  }

  return { answer, reload: async () => (functions = await plainFunctions(databases.catalogue)) };
}

// What PostgREST sets before each statement of a request.
export function contextOf(claims, request, settingsOfRole) {
  const { role = "anon" } = claims;
  return {
    ...settingsOfRole[role],
    role,
    "request.jwt.claims": JSON.stringify(claims),
    "request.jwt.claim.sub": String(claims.sub ?? ""),
    "request.jwt.claim.role": role,
    "request.method": request.method,
    "request.path": new URL(request.url).pathname.replace("/rest/v1", ""),
    "request.headers": JSON.stringify(Object.fromEntries(request.headers)),
    "response.status": "",
    "response.headers": "",
  };
}

// Functions of one name and one jsonb as their answer, with the names of their arguments.
async function plainFunctions(url) {
  const database = postgres(url, { max: 1 });
  const rows = await database`
    select proname as name, min(array_to_string(proargnames, ' ')) as names
    from pg_catalog.pg_proc
    where pronamespace = 'public'::regnamespace and prokind = 'f'
    group by proname
    having count(*) = 1 and bool_and(not proretset and prorettype = 'jsonb'::regtype)`;
  await database.end();
  return new Map(rows.map(({ name, names }) => [name, new Set(names?.split(" "))]));
}

function parsed(body) {
  try {
    const given = body ? JSON.parse(body) : {};
    return given !== null && typeof given === "object" && !Array.isArray(given) ? given : null;
  } catch {
    return null;
  }
}

// A token is verified once and believed until it ends.
function verifier(secret) {
  const known = new Map();
  return async (token) => {
    const found = known.get(token);
    if (found && found.exp * 1000 > Date.now()) return found;
    try {
      const { payload } = await jwtVerify(token, secret, { algorithms: ["HS256"] });
      if (known.size >= TOKENS) known.clear();
      known.set(token, payload);
      return payload;
    } catch {
      return null;
    }
  };
}
