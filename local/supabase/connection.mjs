// How the services reach Postgres.
import { createPostgresConnection } from "@supabase/lite/postgres";

const passedThrough = (oid) => ({ to: oid, from: [oid], serialize: (value) => value, parse: (value) => value });

// Postgres writes "2026-11-20 11:28:25.575+00"; Supabase answers ISO 8601, and supabase-py takes nothing else.
const timestamptz = {
  ...passedThrough(1184),
  parse: (value) => value.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00"),
};

// Lite hands JSON over as text already; encoding it again would store a string where functions and triggers expect an object.
export const encodedOnce = (oid) => ({
  ...passedThrough(oid),
  serialize: (value) => (typeof value === "string" ? value : JSON.stringify(value)),
  parse: JSON.parse,
});

export function connect(url, { connections }) {
  const connection = createPostgresConnection({
    url,
    postgresOptions: { max: connections, types: { timestamptz, json: encodedOnce(114), jsonb: encodedOnce(3802) }, onnotice: () => {} },
  });
  // Lite would otherwise look whether any table has row-level security and grant its schema to everyone.
  connection.rlsState = "active";
  return connection;
}
