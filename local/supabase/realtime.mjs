// Realtime broadcast: rows of realtime.messages reach the websockets that joined their topic, once their transaction commits.
// Speaks Phoenix channels as supabase-js does (vsn 1.0.0 and 2.0.0); private topics are open to whom realtime.messages' policies let read.
import { jwtVerify } from "jose";
import postgres from "postgres";
import { WebSocketServer } from "ws";
import { Channel } from "./channel.mjs";
import { News } from "./news.mjs";

const PATH = "/realtime/v1/websocket";
const KEPT_FOR = "3 days";
const HOUR = 3_600_000;
const NONSENSE = 1007; // the close code of a frame whose data are not what they should be

export async function attachRealtime(server, { databases, lite, realtime = {} }) {
  const database = postgres(databases.realtime, { max: 4, onnotice: () => {} });
  const sockets = new WebSocketServer({ noServer: true });
  const secret = new TextEncoder().encode(lite.auth.jwt_secret);
  const keys = [lite.auth.publishable_key, lite.auth.secret_key];
  const news = new News({
    database,
    hasListeners: () => sockets.clients.size > 0,
    deliver: ({ topic, event, payload, private: isPrivate }) => deliver(topic, isPrivate, { type: "broadcast", event, payload }),
  });

  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy()); // an error that nobody listens for would end the process
    const url = URL.parse(request.url, "http://localhost");
    if (url?.pathname !== PATH) return socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
    const key = url.searchParams.get("apikey") ?? request.headers["x-api-key"];
    if (!keys.includes(key)) return socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
    const role = key === lite.auth.secret_key ? "service_role" : "anon";
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.channels = new Map();
      const speaks2 = url.searchParams.get("vsn") === "2.0.0";
      const wire = speaks2 ? arrays(client) : objects(client);
      client.on("error", () => client.terminate());
      client.on("message", (data) => {
        const message = understood(wire, data);
        if (!message) return client.close(NONSENSE);
        hear(client, wire, message, role).catch((error) => console.error(error));
      });
      client.on("close", () => client.channels.forEach((channel) => channel.leave()));
    });
  });

  async function hear(client, wire, message, role) {
    const channel = client.channels.get(message.topic);
    if (message.topic === "phoenix") return wire.reply(message, "ok");
    if (message.event === "phx_join") return join(client, wire, message, role);
    if (!channel) return wire.reply(message, "error", { reason: "unmatched topic" });
    if (message.event === "phx_leave") {
      channel.leave();
      client.channels.delete(message.topic);
      return wire.reply(message, "ok");
    }
    if (message.event === "access_token") return channel.renew(await identify(message.payload.access_token, role));
    if (message.event === "broadcast") return broadcast(client, wire, message, channel);
  }

  async function join(client, wire, message, role) {
    const { config = {}, access_token: token } = message.payload;
    let claims;
    try {
      claims = await identify(token, role);
    } catch (error) {
      return wire.reply(message, "error", { reason: `InvalidJWTToken: ${error.message}` });
    }
    client.channels.get(message.topic)?.leave();
    const channel = new Channel({ database, wire, message, claims, config });
    if (!(await channel.mayRead())) {
      const reason = `Unauthorized: You do not have permissions to read from this Channel topic: ${channel.name}`;
      return wire.reply(message, "error", { reason });
    }
    await news.follow();
    client.channels.set(message.topic, channel);
    channel.expireWithToken(() => client.channels.delete(message.topic));
    wire.reply(message, "ok", { postgres_changes: [] });
  }

  // Without a token, or with an API key in its place, a socket is what its key makes it.
  async function identify(token, role) {
    if (!token || keys.includes(token)) return { role: token === lite.auth.secret_key ? "service_role" : role };
    return (await jwtVerify(token, secret, { algorithms: ["HS256"] })).payload;
  }

  // Private topics are spoken on by the database alone; we have no client that needs more.
  function broadcast(client, wire, message, channel) {
    if (channel.private) return wire.reply(message, "error", { reason: "Unauthorized: private topics are written by the database" });
    const self = channel.config.broadcast?.self ?? false;
    deliver(channel.name, false, message.payload, self ? null : client);
    if (channel.config.broadcast?.ack) wire.reply(message, "ok");
  }

  function deliver(name, isPrivate, payload, except = null) {
    for (const client of sockets.clients) {
      if (client === except) continue;
      const channel = client.channels.get(`realtime:${name}`);
      if (channel?.private === isPrivate) channel.push("broadcast", payload);
    }
  }

  const forget = () => database`delete from realtime.messages where inserted_at < now() - ${KEPT_FOR}::interval`.catch(console.error);
  await forget();
  setInterval(forget, realtime.sweep ?? HOUR).unref();
}

function understood(wire, data) {
  try {
    const message = wire.read(data);
    return typeof message.topic === "string" && message.payload instanceof Object ? message : null;
  } catch {
    return null;
  }
}

function objects(client) {
  const send = (message) => client.readyState === client.OPEN && client.send(JSON.stringify(message));
  return {
    read: (data) => JSON.parse(data),
    reply: ({ topic, ref, join_ref }, status, response = {}) =>
      send({ topic, event: "phx_reply", ref, join_ref, payload: { status, response } }),
    push: (topic, event, payload, join_ref) => send({ topic, event, payload, ref: null, join_ref }),
  };
}

function arrays(client) {
  const send = (message) => client.readyState === client.OPEN && client.send(JSON.stringify(message));
  return {
    read: (data) => {
      const [join_ref, ref, topic, event, payload] = JSON.parse(data);
      return { join_ref, ref, topic, event, payload };
    },
    reply: ({ topic, ref, join_ref }, status, response = {}) => send([join_ref, ref, topic, "phx_reply", { status, response }]),
    push: (topic, event, payload, join_ref) => send([join_ref, null, topic, event, payload]),
  };
}
