import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where the test data lies: CORPORA, else beside the project. It is read in place and never copied. */
export const CORPORA =
  process.env["CORPORA"] ?? join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "..", "..", "shared", "corpora");

/** False when the data is absent, which the run then says. */
export const haveCorpora = existsSync(CORPORA);
if (!haveCorpora) process.stderr.write(`The corpora are absent (${CORPORA}): tests that read them are left out.\n`);

export const corpusPath = (name: string) => join(CORPORA, name);
export const corpusBytes = (name: string): Buffer => readFileSync(corpusPath(name));
export const corpusText = (name: string): string => readFileSync(corpusPath(name), "utf8");
export const corpusJson = (name: string): unknown => JSON.parse(corpusText(name));
export const corpusFiles = (folder: string): string[] => readdirSync(corpusPath(folder)).sort();
