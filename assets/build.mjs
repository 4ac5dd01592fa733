// Builds static/vendor/: fonts, the style sheet, the realtime client and the API browser. Everything the pages load is then served by us.
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild-wasm";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const vendor = join(root, "static", "vendor");
const packages = join(root, "node_modules");

// Latin and Latin Extended are enough for the languages of the pages; names in other scripts fall back to the system's face.
const fonts = ["besley", "source-sans-3"].flatMap((family) =>
  ["latin", "latin-ext"].map((subset) => [
    `@fontsource-variable/${family}/files/${family}-${subset}-wght-normal.woff2`,
    `fonts/${family}-${subset}.woff2`,
  ]),
);
const apiBrowser = ["swagger-ui-bundle.js", "swagger-ui.css"].map((file) => [`swagger-ui-dist/${file}`, `api-docs/${file}`]);

// Files are written over, not removed first: an app that is running never misses one.
await Promise.all(["fonts", "api-docs"].map((folder) => mkdir(join(vendor, folder), { recursive: true })));
await Promise.all([...fonts, ...apiBrowser].map(([from, to]) => copyFile(join(packages, from), join(vendor, to))));

await build({
  entryPoints: [join(root, "static", "css", "site.css")],
  outfile: join(vendor, "site.css"),
  bundle: true,
  minify: true,
  // Addresses in the sheets are relative to static/css, a sibling of static/vendor: they stay true as they are.
  external: ["../vendor/*", "../img/*"],
  target: ["chrome111", "firefox113", "safari16.4"],
});

await build({
  entryPoints: [join(root, "assets", "realtime.mjs")],
  outfile: join(vendor, "realtime.js"),
  bundle: true,
  minify: true,
  format: "esm",
  platform: "browser",
  target: ["es2022"],
});
