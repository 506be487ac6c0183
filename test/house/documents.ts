import { type Kind, KINDS } from "../../server/auth/kinds.ts";
import { VARIABLES } from "../../server/config.ts";
import { read } from "./tree.ts";

/** What stands between two marks of a document, such as `<!-- weights -->` and `<!-- /weights -->`, without outer blank lines. */
export function between(document: string, mark: string): string {
  const [, rest = ""] = read(document).split(`<!-- ${mark} -->`);
  return (rest.split(`<!-- /${mark} -->`)[0] ?? "").trim();
}

/** The README's table of variables, from the table that the server reads. */
export const variablesTable = (): string =>
  [
    "| Variable | Default | |",
    "|---|---|---|",
    ...Object.entries(VARIABLES).map(
      ([name, variable]) =>
        `| \`${name}\` | ${variable.default === "" ? "" : `\`${variable.default}\``} | ${variable.doc.replaceAll("|", "\\|")} |`,
    ),
  ].join("\n");

/** The README's table of ways in, from the table that the panel's form is made from. */
export const waysTable = (): string =>
  [
    "| Way in | What to do, and what it costs or needs | Fields in the panel | Environment | Redirect address where it is set there |",
    "|---|---|---|---|---|",
    ...Object.entries(KINDS as Record<string, Kind>).map(([id, { label, about, needs, optional, register, variable }]) => {
      const fields = needs.map((need) => (optional?.includes(need) ? `${need} (may be empty)` : need)).join(", ");
      const address = needs.length === 0 ? "" : `\`PUBLIC_URL/auth/callback/${id === "oidc" ? "ID" : id}\``;
      return `| ${register === "" ? label : `[${label}](${register})`} | ${about} | ${fields} | \`${variable}\` | ${address} |`;
    }),
  ].join("\n");

interface Built {
  raw: number;
  brotli: number;
}

const WEIGHTS = {
  "embed.js": "the script tag",
  "app.js": "the thread and the closed box, with styles and English",
  "live.js": "the stream of what changes: fetched once the comments are seen",
  "news.js": "what becomes of it: fetched once something changes",
  "desk.js": "what a reader does: fetched when idle or wanted",
  "box.js": "the opened box: preview, edit",
  "sign-in.js": "signing in: fetched with the opened box where readers may",
  "watch-window.js": "following its window: fetched with the click",
  "later.js": "drawings of the ways in, the site's own user: fetched with it",
  "own-things.js": "the account: fetched for who is signed in",
  "add-email.js": "adding an e-mail: fetched for accounts that give none",
  "count.js": "counts for listings",
  "panel.js": "the owner's panel; never on a blog page",
};

/** The README's table of weights, from the manifest of what was built. */
export function weightsTable(manifest: Record<string, Built>): string {
  const kB = (bytes: number) => (bytes / 1000).toFixed(1);
  const rows = Object.entries(WEIGHTS).map(([name, what]) => {
    const built = manifest[name];
    if (!built) throw new Error(`${name} is not in the manifest`);
    return `| \`${name}\` | ${what} | ${kB(built.brotli)} kB | ${kB(built.raw)} kB |`;
  });
  return ["| File | | brotli | plain |", "|---|---|---:|---:|", ...rows].join("\n");
}
