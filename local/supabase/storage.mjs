// Storage: Supabase Lite's, signed in as `supabase_storage_admin`; objects lie as files in the state folder.
import { App } from "@supabase/lite";
import { connect } from "./connection.mjs";
import { FileStore } from "./files.mjs";

export async function storageService({ lite, databases, files }) {
  const connection = connect(databases.storage, { connections: 4 });
  const app = new App({
    connection,
    ...lite,
    auth: { ...lite.auth, enabled: false },
    options: { server: { admin: false } },
  });
  app._storageAdapter = new FileStore(files);
  await app.init();
  return async (request, context) => addSignedUrlSpelling(await app.fetch(request, context));
}

// Lite answers `signedUrl`; hosted Storage, and so supabase-py, says `signedURL`.
async function addSignedUrlSpelling(response) {
  if (!response.ok || !response.headers.get("content-type")?.includes("json")) return response;
  const body = await response.json();
  for (const item of Array.isArray(body) ? body : [body]) if (item?.signedUrl) item.signedURL ??= item.signedUrl;
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  return new Response(JSON.stringify(body), { status: response.status, headers });
}
