/**
 * Builds everything that runs in a browser: the widget in two chunks (what reads, what writes), its loader, count.js,
 * the panel. Hashed files, each with its .br and .gz beside it, and a manifest of names, sizes and SRI hashes.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));
const defaultOut = fileURLToPath(new URL("../dist/widget", import.meta.url));

/** Where preact asks the document itself, which a page's `<form name=createElement>` shadows, it shall ask the prototype. */
const PREACT_DOCUMENT = "M=a.ownerDocument||document";
const realDocument = {
  name: "real-document",
  transform(code, id) {
    if (!/preact[\\/]dist[\\/]preact\.mjs$/.test(id)) return null;
    if (!code.includes(PREACT_DOCUMENT)) throw new Error("preact reaches the document in another way than expected");
    const own =
      "const $p=Document.prototype,$d={createTextNode:t=>$p.createTextNode.call(document,t),createElementNS:(n,t)=>$p.createElementNS.call(document,n,t)};";
    return { code: own + code.replace(PREACT_DOCUMENT, "M=$d"), map: null };
  },
};

const shared = {
  root: here,
  configFile: false,
  logLevel: "warn",
  publicDir: false,
  // The same bytes whatever NODE_ENV says.
  mode: "production",
  oxc: { jsx: { runtime: "automatic", importSource: "preact", development: false } },
};

/** The widget's JSX becomes calls of preact's own `h`, with children as arguments: 0.1 kB less than the panel's runtime. */
const smallJsx = {
  name: "small-jsx",
  enforce: "pre",
  config: () => ({ oxc: { jsx: { runtime: "classic", pragma: "jsx", pragmaFrag: "Fragment" } } }),
  transform: (code, id) => (id.endsWith(".tsx") ? { code: `import { h as jsx, Fragment } from "preact";${code}`, map: null } : null),
};

function settings({ outDir, input, format = "es", define = {}, names = "[name]-[hash].js", small = false }) {
  return {
    ...shared,
    define,
    plugins: small ? [smallJsx, realDocument] : [],
    ...(small && { ssr: { noExternal: true }, resolve: { conditions: ["browser", "module"] } }),
    build: {
      outDir,
      // Not for a server, but as one: else each import() is wrapped in 0.1 kB that preloads style sheets, and ours have none.
      ssr: small,
      emptyOutDir: false,
      target: "es2022",
      minify: "oxc",
      // Nothing is rewritten for browsers that lack light-dark() (before May 2024): their colours are the page's own.
      cssTarget: ["chrome123", "firefox128", "safari17.5"],
      cssMinify: true,
      modulePreload: false,
      assetsInlineLimit: 0,
      rolldownOptions: {
        input,
        // What both chunks need stays in the first one: a third file would cost a round trip.
        preserveEntrySignatures: "allow-extension",
        treeshake: { propertyReadSideEffects: false },
        output: { format, entryFileNames: names, chunkFileNames: "[name]-[hash].js", assetFileNames: "[name]-[hash][extname]" },
      },
    },
  };
}

/** Builds into `outDir` and returns the manifest. */
export async function buildWidget({ outDir = defaultOut, panel = true } = {}) {
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  const names = {};
  /** Every file is served by its name in the manifest; a language's chunk is called by its folder, such as `de-thread.js`. */
  const note = (result) => {
    for (const { fileName, facadeModuleId, name, names: sources } of result.output) {
      const language = /locale[\\/](\w+)[\\/]/.exec(facadeModuleId ?? "")?.[1];
      const stem = String(name ?? sources[0]).replace(/\.css$/, "");
      names[`${language ? `${language}-` : ""}${stem}${fileName.slice(fileName.lastIndexOf("."))}`] = fileName;
    }
  };
  note(await build(settings({ outDir, input: { app: join(here, "app.tsx") }, small: true })));
  const define = { APP: JSON.stringify(names["app.js"]) };
  for (const name of ["embed", "count"]) {
    note(await build(settings({ outDir, input: { [name]: join(here, `${name}.ts`) }, format: "iife", define, small: true })));
  }
  note(await build(settings({ outDir, input: { thread: join(here, "style/page.css") } })));
  if (panel && existsSync(join(here, "panel/main.tsx")))
    note(await build(settings({ outDir, input: { panel: join(here, "panel/main.tsx") } })));
  return writeManifest(outDir, names);
}

/** Compresses every file and writes down what each is called. */
async function writeManifest(outDir, names) {
  const sizes = new Map();
  for (const file of await readdir(outDir)) {
    const bytes = await readFile(join(outDir, file));
    const brotli = brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    });
    await writeFile(join(outDir, `${file}.br`), brotli);
    await writeFile(join(outDir, `${file}.gz`), gzipSync(bytes, { level: 9 }));
    const integrity = `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
    sizes.set(file, { file, integrity, raw: bytes.length, brotli: brotli.length });
  }
  const manifest = Object.fromEntries(Object.entries(names).map(([name, file]) => [name, sizes.get(file)]));
  await writeFile(join(outDir, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, { raw, brotli }] of Object.entries(await buildWidget())) process.stdout.write(`${name.padEnd(12)} ${raw} ${brotli}\n`);
}
