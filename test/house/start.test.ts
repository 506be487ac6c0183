import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { root } from "./tree.ts";

interface Steps {
  isInstalled(folder: string): boolean;
  lockHash(folder: string): string;
  compileEnv(node: string): Record<string, string>;
  hashOf(paths: string[]): string;
  findBrowser(env: Record<string, string>): string | undefined;
  tally(report: unknown, code: number): { passed: number; failed: number };
  run(program: string, args: string[]): Promise<number>;
}

/** The steps are plain JavaScript, so that they run before anything is installed; here they get their types. */
async function steps(): Promise<Steps> {
  const files = ["install", "build", "browser", "verify", "run"].map((name) => pathToFileURL(join(root, `demo/steps/${name}.mjs`)).href);
  return Object.assign({}, ...(await Promise.all(files.map((file) => import(file))))) as Steps;
}
const step = await steps();

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "youfigure-start-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes a file below the temporary folder; an object as JSON. */
function put(path: string, content: string | object): string {
  const file = join(folder, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

describe("packages are installed again", () => {
  const lock = {
    packages: {
      "": {},
      "node_modules/a": { version: "1.0.0" },
      "node_modules/other-system": { version: "1.0.0", optional: true },
    },
  };

  it("when there are none", () => {
    put("package-lock.json", lock);
    expect(step.isInstalled(folder)).toBe(false);
  });

  it("not when our stamp is that of the lock, and again once the lock changes", () => {
    put("package-lock.json", lock);
    put("node_modules/.youfigure-lock", step.lockHash(folder));
    expect(step.isInstalled(folder)).toBe(true);
    put("package-lock.json", { packages: { ...lock.packages, "node_modules/a": { version: "2.0.0" } } });
    expect(step.isInstalled(folder)).toBe(false);
  });

  it("not when someone ran npm by hand and has all that the lock asks for on this system", () => {
    put("package-lock.json", lock);
    put("node_modules/.package-lock.json", { packages: { "node_modules/a": { version: "1.0.0" } } });
    expect(step.isInstalled(folder)).toBe(true);
    put("node_modules/.package-lock.json", { packages: { "node_modules/a": { version: "0.9.0" } } });
    expect(step.isInstalled(folder)).toBe(false);
  });

  it("when one is missing that we ask for ourselves, though we can do without", () => {
    const asked = { "": { optionalDependencies: { b: "1.0.0" } }, "node_modules/b": { version: "1.0.0", optional: true } };
    put("package-lock.json", { packages: { ...lock.packages, ...asked } });
    put("node_modules/.package-lock.json", { packages: { "node_modules/a": { version: "1.0.0" } } });
    expect(step.isInstalled(folder)).toBe(false);
  });
});

it("SQLite is compiled against the headers beside the running node, if they are there", () => {
  const node = put("bin/node", "");
  expect(step.compileEnv(node)).toEqual({});
  put("include/node/node_api.h", "");
  expect(step.compileEnv(node)).toEqual({ npm_config_nodedir: folder });
});

it("a build is stale when a file's name or content changes, not when its documentation does", () => {
  put("src/a.ts", "1");
  const before = step.hashOf([join(folder, "src")]);
  put("src/README.md", "words");
  expect(step.hashOf([join(folder, "src")])).toBe(before);
  put("src/a.ts", "2");
  const changed = step.hashOf([join(folder, "src")]);
  expect(changed).not.toBe(before);
  put("src/b.ts", "");
  expect(step.hashOf([join(folder, "src")])).not.toBe(changed);
});

it("the browser that CHROMIUM names is used, and no other when it isn't there", () => {
  const browser = put("bin/chromium", "");
  expect(step.findBrowser({ CHROMIUM: browser, PATH: "" })).toBe(browser);
  expect(step.findBrowser({ CHROMIUM: join(folder, "gone"), PATH: join(folder, "bin") })).toBeUndefined();
  expect(step.findBrowser({ PATH: join(folder, "bin") })).toBe(browser);
});

describe("the tally", () => {
  const file = (status: string, tests: string[]) => ({ status, assertionResults: tests.map((one) => ({ status: one })) });

  it("counts tests", () => {
    const report = {
      numPassedTests: 2,
      numFailedTests: 1,
      testResults: [file("failed", ["passed", "failed"]), file("passed", ["passed"])],
    };
    expect(step.tally(report, 1)).toEqual({ passed: 2, failed: 1 });
  });

  it("counts a file that did not load, and a run that ended badly for any other reason", () => {
    expect(step.tally({ numPassedTests: 1, numFailedTests: 0, testResults: [file("failed", []), file("passed", ["passed"])] }, 1)).toEqual({
      passed: 1,
      failed: 1,
    });
    expect(step.tally({ numPassedTests: 1, numFailedTests: 0, testResults: [] }, 1)).toEqual({ passed: 1, failed: 1 });
    expect(step.tally(null, 127)).toEqual({ passed: 0, failed: 1 });
  });
});

it("exit codes of what it runs are kept, also of what a signal ended", async () => {
  expect(await step.run(process.execPath, ["-e", "process.exit(7)"])).toBe(7);
  expect(await step.run(process.execPath, ["-e", "process.kill(process.pid, 'SIGKILL')"])).toBe(137);
});
