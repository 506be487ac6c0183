import { describe, expect, it } from "vitest";
import { filesIn, type Import, importsOf, read } from "./tree.ts";

/** Where a file of the server stands: a higher storey may use a lower one, and an area its own files. */
function storeyOf(path: string): { storey: number; area: string } {
  const [, area = "", file = ""] = path.split("/");
  if (area === "wire" || area === "locale") return { storey: 0, area };
  if (SEAMS.has(path)) return { storey: 1, area: "seam" };
  if (path === "server/render/panel-page.ts") return { storey: 3, area: "routes" }; // A route that draws, kept with the pages.
  if (area === "comments" || area === "conversations" || area === "render") return { storey: 2, area: "product" };
  if (UPPER.has(path)) return { storey: 3, area };
  if (area === "routes") return { storey: 3, area };
  if (ADAPTERS.has(area) && file !== "") return { storey: 2, area };
  if (path === "server/app.ts" || path === "server/front.ts" || path === "server/overload.ts" || path === "server/connections.ts")
    return { storey: 4, area: "app" };
  if (path === "server/metrics.ts") return { storey: 1, area: "seam" };
  if (TOP.has(path)) return { storey: 5, area: "top" };
  throw new Error(`${path} has no place in the house yet: give it one here.`);
}
const SEAMS = new Set(
  "store/store store/records store/mail spam/check auth/provider auth/kinds live/hub notify/carrier import/importer services refusal config variable sign-in-variables keys new-id log head-count recent outbound store/readers store/own-things store/ways store/pictures"
    .split(" ")
    .map((name) => `server/${name}.ts`),
);
/** What brings adapters and product together: an importer's rows become comments by the same rules as a reader's. */
const UPPER = new Set(["import/load", "import/clean", "import/plan", "import/report", "notify/postman"].map((name) => `server/${name}.ts`));
const ADAPTERS = new Set(["store", "spam", "auth", "live", "notify", "import", "export"]);
const TOP = new Set(["server/main.ts", "server/cli.ts", "server/cli-verbs.ts", "server/cli-move.ts", "server/move.ts", "server/doctor.ts"]);

/** The same for the widget: view uses state, state uses the api, and the entries stand on top. */
function floorOf(path: string): number {
  const [, area = "", file = ""] = path.split("/");
  if (area === "style") return 0;
  if (area === "state") return 2;
  if (area === "view") return 3;
  if (area === "panel") return 5;
  return file === "" && !ENTRIES.has(area) ? 1 : 4;
}
const ENTRIES = new Set([
  "embed.ts",
  "count.ts",
  "app.tsx",
  "box.tsx",
  "later.ts",
  "sign-in.tsx",
  "own-things.tsx",
  "add-email.tsx",
  "desk.tsx",
  "discuss.tsx",
  "live.ts",
  "news.ts",

  "drawing.ts",
  "drawing-cache.ts",
]);

const server = filesIn(["server"], [".ts", ".tsx"]).filter((path) => !path.endsWith(".config.ts"));
const widget = filesIn(["widget"], [".ts", ".tsx"]);
const shown = (imports: Import[]) => imports.map(({ from, to }) => `${from} imports ${to}`);

describe("imports point one way", () => {
  it("in the server: wire and locale, seams, product beside adapters, routes, app, main", () => {
    const wrong = server.flatMap(importsOf).filter(({ from, to, ours, typeOnly }) => {
      if (!ours || !to.startsWith("server/") || (from === "server/services.ts" && typeOnly)) return false;
      const [here, there] = [storeyOf(from), storeyOf(to)];
      if (here.area === "locale" && there.area === "wire") return !typeOnly;
      return there.storey > here.storey || (there.storey === here.storey && there.area !== here.area);
    });
    expect(shown(wrong)).toEqual([]);
  });

  it("in the widget: entries, view, state, api", () => {
    const wrong = widget
      .flatMap(importsOf)
      .filter(({ from, to, ours }) => ours && to.startsWith("widget/") && !from.startsWith("widget/panel/") && floorOf(to) > floorOf(from));
    expect(shown(wrong)).toEqual([]);
  });

  it("between the two: the widget takes wire and locale, the server's pages take the views", () => {
    const fromWidget = widget
      .flatMap(importsOf)
      .filter(({ to, ours }) => ours && to.startsWith("server/") && !/^server\/(?:wire|locale)\//.test(to));
    const fromServer = server
      .flatMap(importsOf)
      .filter(
        ({ from, to, ours }) =>
          ours &&
          to.startsWith("widget/") &&
          !(from.startsWith("server/render/") && /^widget\/(?:(?:view|style)\/|state\/tree\.ts$)/.test(to)),
      );
    expect(shown([...fromWidget, ...fromServer])).toEqual([]);
  });

  it("the demo and the tests are imported by no one", () => {
    const wrong = [...server, ...widget].flatMap(importsOf).filter(({ to, ours }) => ours && /^(?:demo|test)\//.test(to));
    expect(shown(wrong)).toEqual([]);
  });
});

describe("packages", () => {
  const manifest = JSON.parse(read("package.json")) as Record<string, Record<string, string>>;
  const { devDependencies } = manifest;
  const dependencies = { ...manifest["dependencies"], ...manifest["optionalDependencies"] };
  const packageOf = (name: string) =>
    name
      .split("/")
      .slice(0, name.startsWith("@") ? 2 : 1)
      .join("/");

  it("what runs in production is a dependency, not a tool", () => {
    const wrong = [...server, ...widget]
      .flatMap(importsOf)
      .filter(({ to, ours, typeOnly }) => !ours && !typeOnly && !to.startsWith("node:") && !(packageOf(to) in dependencies));
    expect(shown(wrong)).toEqual([]);
  });

  it("every dependency is used somewhere", () => {
    const used = new Set(
      filesIn(["server", "widget", "test", "demo"], [".ts", ".tsx", ".mjs"])
        .flatMap(importsOf)
        .map(({ to }) => packageOf(to)),
    );
    expect(Object.keys(dependencies).filter((name) => !used.has(name))).toEqual([]);
    expect(Object.keys(devDependencies ?? {}).length).toBeGreaterThan(0);
  });

  it("the browser takes types from wire, and values only from files without the validator", () => {
    const wrong = widget
      .flatMap(importsOf)
      .filter(
        ({ to, ours, typeOnly }) =>
          (to === "valibot" && !typeOnly) || (ours && !typeOnly && to.startsWith("server/wire/") && /from "valibot"/.test(read(to))),
      );
    expect(shown(wrong)).toEqual([]);
  });
});
