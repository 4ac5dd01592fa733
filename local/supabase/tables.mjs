// Makes the tables of Auth and Storage, once, each as the role that owns its schema.
process.env.EXPERIMENTAL_STORAGE = "1";
const { App } = await import("@supabase/lite");
const { createPostgresConnection } = await import("@supabase/lite/postgres");

async function makeTables(url, config, storageAdapter) {
  const connection = createPostgresConnection({ url });
  const app = new App({ connection, db: { migrations: { enabled: false } }, studio: { enabled: false }, ...config });
  app._storageAdapter = storageAdapter;
  await app.ensureSystemSchema();
  await connection.close();
}

await makeTables(process.env.AUTH_DATABASE_URL, { auth: { enabled: true, jwt_secret: "unused" }, storage: { enabled: false } });
await makeTables(process.env.STORAGE_DATABASE_URL, { auth: { enabled: false }, storage: { enabled: true } }, {});
