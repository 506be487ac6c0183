import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { codeOf, filesIn, read, root } from "./tree.ts";

const FOLDERS = ["widget", "server", "demo", "test"];
const IGNORED = ["node_modules", "dist", "data"];
const CODE = [".ts", ".tsx", ".mjs", ".js"];

describe("the project's folder", () => {
  it("holds at its top only what is known to stand there", () => {
    const files = "package.json package-lock.json tsconfig.json README.md LICENSE CHANGELOG.md CONTRIBUTING.md SECURITY.md Dockerfile";
    const known = new Set([...FOLDERS, ...files.split(" "), ...IGNORED]);
    expect(readdirSync(root).filter((name) => !name.startsWith(".") && !name.endsWith(".log") && !known.has(name))).toEqual([]);
  });

  it("can be checked by one script without arguments", () => {
    expect(statSync(join(root, ".ci/run")).mode & 0o111).not.toBe(0);
    expect(read(".ci/run")).toMatch(/^#!\/usr\/bin\/env bash\n/);
  });

  it("locks packages by content, and names no place to load them from", () => {
    const lock = JSON.parse(read("package-lock.json")) as {
      packages: Record<string, { resolved?: string; integrity?: string; link?: boolean }>;
    };
    const entries = Object.entries(lock.packages).filter(([path]) => path !== "");
    expect(entries.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path)).toEqual([]);
    expect(entries.filter(([, entry]) => entry.integrity === undefined && !entry.link).map(([path]) => path)).toEqual([]);
  });
});

describe("files", () => {
  it("stay under 300 lines, not counting catalogues and what is said about them", () => {
    const lines = (path: string) =>
      codeOf(path)
        .split("\n")
        .filter((line) => line.trim() !== "").length;
    const long = filesIn(FOLDERS, CODE).filter((path) => !path.startsWith("server/locale/") && lines(path) > 300);
    expect(long).toEqual([]);
  });

  it("are named in kebab-case and never for nothing in particular", () => {
    const wrong = filesIn(FOLDERS, CODE).filter((path) =>
      /(?:^|\/)(?:utils?|helpers?|common|misc|manager|service)\.\w+$|[A-Z_ ][^/]*$/.test(path),
    );
    expect(wrong).toEqual([]);
  });

  it("of the server know no browser", () => {
    const wrong = filesIn(["server"], [".ts", ".tsx"])
      .filter((path) => !path.startsWith("server/render/"))
      .filter((path) => /(?<![.\w])(?:document|window|localStorage)\b(?!\s*:)/.test(codeOf(path)));
    expect(wrong).toEqual([]);
  });

  it("of the views neither fetch nor touch the page, since the server draws them too", () => {
    const wrong = filesIn(["widget/view"], [".tsx", ".ts"]).filter((path) =>
      /(?<![.\w])(?:document|window|localStorage|sessionStorage|fetch)\s*[.(]/.test(codeOf(path)),
    );
    expect(wrong).toEqual([]);
  });

  it("never set HTML from a string", () => {
    const wrong = filesIn(["widget"], [".ts", ".tsx"]).filter((path) =>
      /\.(?:inner|outer)HTML\b|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write/.test(codeOf(path)),
    );
    expect(wrong).toEqual([]);
  });
});

describe("tests", () => {
  const tests = filesIn(["test"], [".ts", ".tsx"]).filter((path) => path !== "test/house/habits.test.ts");

  // Public test data lies beside the project; where it is absent, its tests say so and can't run.
  it("are neither skipped nor singled out nor tried again", () => {
    const wrong = tests.filter((path) =>
      /\b(?:it|test|describe|suite|context|ctx)\.(?:skip|todo|only|fails)\b|\.(?:skipIf|runIf)\((?!!?haveCorpora\))|\bx(?:it|describe)\(|\bretry:\s*[1-9]/.test(
        codeOf(path),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it("wait on conditions, never on time", () => {
    const wrong = tests.filter((path) => /waitForTimeout|\bsleep\(|=>\s*setTimeout\(\s*\w+\s*,\s*\d|timers\/promises/.test(codeOf(path)));
    expect(wrong).toEqual([]);
  });
});
