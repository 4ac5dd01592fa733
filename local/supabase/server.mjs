// Supabase for one copy of the stack, on one port: data API, Auth and Storage by Supabase Lite, realtime by our bridge.
// Each service signs in to Postgres under its own role, as on hosted Supabase.
process.env.EXPERIMENTAL_STORAGE = "1";
process.env.LITE_TELEMETRY = "0";
process.env.DO_NOT_TRACK = "1";

const { serve } = await import("@hono/node-server");
const { readFile } = await import("node:fs/promises");
const { authService } = await import("./auth.mjs");
const { dataService } = await import("./data.mjs");
const { storageService } = await import("./storage.mjs");
const { attachRealtime } = await import("./realtime.mjs");

const settings = JSON.parse(await readFile(process.env.SUPABASE_SETTINGS, "utf8"));
const services = {
  "/rest/v1": await dataService(settings),
  "/auth/v1": await authService(settings),
  "/storage/v1": await storageService(settings),
};

async function answer(request, env) {
  const { pathname } = new URL(request.url);
  if (pathname === "/healthz") return new Response("ok");
  const prefix = Object.keys(services).find((start) => pathname.startsWith(`${start}/`));
  if (!prefix) return Response.json({ message: "no Route matched with those values" }, { status: 404 });
  return services[prefix](request, { peerAddress: env.incoming.socket.remoteAddress ?? null });
}

const server = serve({ fetch: answer, hostname: settings.host, port: settings.port });
// Longer than the app keeps an idle connection, as at hosted Supabase: else a call meets a closing door now and then.
server.keepAliveTimeout = 75_000;
await attachRealtime(server, settings);

for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(0));
