import { spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The project's folder, whatever the working directory is. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** The built file of an entry, as something to import(). */
export const entryOf = (name) => pathToFileURL(join(root, "dist", `${name}.js`)).href;

/** A step that can't go on, in words for a person; anything else thrown is a bug. */
export class StepError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

export const say = (line) => process.stdout.write(`${line}\n`);

/**
 * Runs a program in the project's folder on our own terminal and resolves with its exit code (128 + N for signal N).
 * Signals that we get are passed on; at a terminal, Ctrl+C has already reached the child.
 */
export function run(program, args, env = {}, cwd = root) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: "inherit", env: { ...process.env, ...env } });
    const pass = (signal) => (signal === "SIGINT" && process.stdin.isTTY ? undefined : child.kill(signal));
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, pass);
    const done = () => signals.forEach((signal) => process.off(signal, pass));
    child.on("error", (error) => (done(), reject(error)));
    child.on("exit", (code, signal) => (done(), resolve(code ?? 128 + constants.signals[signal])));
  });
}

/** The same, for a step that the rest needs. */
export async function must(program, args, env) {
  const code = await run(program, args, env);
  if (code !== 0) throw new StepError(`${basename(program)} ${args.join(" ")} failed (exit ${code}).`, code);
}

/** Runs the npm that runs us, or the one on the path. */
export function npm(args, env) {
  const cli = process.env.npm_execpath;
  return cli && basename(cli) === "npm-cli.js" ? must(process.execPath, [cli, ...args], env) : must("npm", args, env);
}

/** Whether a program ends well; says nothing. */
export const works = (program, args) => spawnSync(program, args, { cwd: root, stdio: "ignore" }).status === 0;

/** A tool that the project's packages bring. */
export const tool = (name) => join(root, "node_modules", ".bin", name);
