import { fork } from "node:child_process";
import { watch } from "node:fs";
import { join } from "node:path";
import { buildStale } from "./build.mjs";
import { root, say } from "./run.mjs";

/** Serves the demo, builds what changes and starts it again, until it is stopped. */
export async function developLoop() {
  await buildStale();
  let server = serve();
  let stopping = false;
  const stop = () => {
    stopping = true;
    server.kill("SIGTERM");
    server.once("exit", () => process.exit(0));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, stop);
  onChange(async () => {
    if (stopping || (await rebuilt()).length === 0) return;
    const old = server;
    if (old.exitCode === null && old.signalCode === null) {
      const ended = new Promise((resolve) => old.once("exit", resolve));
      old.kill("SIGTERM");
      await ended;
    }
    if (!stopping) server = serve();
  });
}

/** The demo ends with us: it stops when this channel closes. */
const serve = () => fork(join(root, "dist/demo/server.js"), { cwd: root, stdio: "inherit" });

/** A mistake in the source is printed and waited out; the next change tries again. */
async function rebuilt() {
  try {
    return await buildStale();
  } catch (error) {
    say(String(error instanceof Error ? error.message : error));
    return [];
  }
}

/** Calls back after changes, never twice at once. Editors write a file in several steps, so it waits a moment for the last. */
function onChange(act) {
  let timer;
  let running = false;
  let again = false;
  const go = async () => {
    if (running) return void (again = true);
    running = true;
    do {
      again = false;
      await act();
    } while (again);
    running = false;
  };
  for (const folder of ["widget", "server", "demo"]) {
    watch(join(root, folder), { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(go, 60);
    });
  }
}
