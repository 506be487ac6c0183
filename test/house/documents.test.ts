import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ATTRIBUTES } from "../../widget/options.ts";
import { between, variablesTable, waysTable, weightsTable } from "./documents.ts";
import { filesIn, read, root } from "./tree.ts";

const named = (text: string, pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([whole, group]) => group ?? whole))];
const manifest = JSON.parse(read("package.json")) as Record<
  "scripts" | "dependencies" | "optionalDependencies" | "devDependencies",
  Record<string, string>
>;

describe("the README", () => {
  it("has every environment variable with its default, as the server has it", () => {
    expect(between("README.md", "variables"), "run `npm run figures`").toBe(variablesTable());
  });

  it("has every way in with what to register where, as the panel has it", () => {
    expect(between("README.md", "ways"), "run `npm run figures`").toBe(waysTable());
  });

  it("states the weights that were built", () => {
    const built = readFileSync(join(root, "dist/widget/manifest.json"), "utf8");
    expect(between("README.md", "weights"), "run `npm run figures`").toBe(weightsTable(JSON.parse(built)));
  });

  it("has every command of youfigure, and no other", () => {
    const verbs = named(read("server/cli.ts"), /^ {2}youfigure ([a-z-]+)/gm).filter((verb) => verb !== "help");
    expect(named(read("README.md"), /^\| `youfigure ([a-z-]+)/gm).toSorted()).toEqual(verbs.toSorted());
  });

  it("says why each dependency is there", () => {
    const decisions = read("README.md").split("## Decisions")[1] ?? "";
    const all = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies }).filter(
      (name) => !name.startsWith("@types/"),
    );
    const said = (name: string) => decisions.includes(name) || (name.startsWith("@") && decisions.includes(`/${name.split("/")[1]}`));
    expect(all.filter((name) => !said(name))).toEqual([]);
  });

  it("tells with CONTRIBUTING.md what each npm script is for", () => {
    const documents = read("README.md") + read("CONTRIBUTING.md");
    const said = (name: string) => documents.includes(`npm run ${name}`) || documents.includes(`npm ${name}`);
    expect(Object.keys(manifest.scripts).filter((name) => !said(name))).toEqual([]);
  });
});

describe("the widget's README", () => {
  const said = read("widget/README.md");

  it("has every attribute, and no other", () => {
    expect(
      named(said, /`(data-[a-z-]+)/g)
        .filter((name) => !name.startsWith("data-you-figure-count") && name !== "data-sso")
        .toSorted(),
    ).toEqual([...ATTRIBUTES].toSorted());
  });

  it("has every part, and no other", () => {
    const code = filesIn(["widget"], [".tsx"])
      .filter((path) => !path.startsWith("widget/panel/"))
      .map(read)
      .join("\n");
    const parts = named(code, /\bpart(?:=|: )"([^"]+)"/g).flatMap((names) => names.split(" "));
    const listed = named(/`::part\(\)` does: ([^\n]+)/.exec(said)?.[1] ?? "", /`([a-z-]+)`/g);
    expect([...new Set(parts)].filter((part) => !listed.includes(part))).toEqual([]);
    expect(listed.filter((part) => !code.includes(part))).toEqual([]);
  });

  it("has every custom property that the styles read, and no other", () => {
    const properties = named(filesIn(["widget/style"], [".css"]).map(read).join("\n"), /(--you-[a-z0-9-]+)/g);
    expect(properties.length).toBeGreaterThan(0);
    expect(properties.filter((name) => !said.includes(`\`${name}\``))).toEqual([]);
    expect(named(said, /`(--you-[a-z0-9-]+)`/g).filter((name) => !properties.includes(name))).toEqual([]);
  });
});

describe("documents", () => {
  const documents = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    ...filesIn(["widget", "server", "demo", "test"], [".md"]),
  ];

  it.each(documents)("%s leads to files that exist", (document) => {
    const targets = named(read(document), /\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g);
    expect(targets.filter((target) => !existsSync(join(root, dirname(document), target)))).toEqual([]);
  });

  it("the code map names what is there", () => {
    const map = read("README.md").split("## Where things live")[1]?.split("##")[0] ?? "";
    const paths = named(map, /`((?:widget|server|demo|test)\/[\w./-]*)`/g);
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});
