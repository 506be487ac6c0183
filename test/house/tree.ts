import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** Files of the project under these folders with one of these endings, by their paths with forward slashes. */
export function filesIn(folders: readonly string[], endings: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"))
      .filter((path) => !path.startsWith("test/.out/")),
  );
}

export interface Import {
  from: string;
  /** A file of ours by its path, or a package. */
  to: string;
  ours: boolean;
  typeOnly: boolean;
}

const STATEMENT = /^\s*(import|export)\s+(type\s)?(?:[\w$*\s{},]*?\sfrom\s+)?["']([^"'\n]+)["']|\bimport\(\s*["']([^"'\n]+)["']\s*\)/gm;

/** What a file imports, static and dynamic, with our subpath names resolved. */
export function importsOf(path: string): Import[] {
  return [...read(path).matchAll(STATEMENT)].flatMap(([, , type, stated, dynamic]) => {
    const name = stated ?? dynamic;
    if (name === undefined) return [];
    const to = resolve(path, name);
    return [{ from: path, to: to ?? name, ours: to !== null, typeOnly: type !== undefined }];
  });
}

function resolve(from: string, name: string): string | null {
  const plain = name.replace(/\?.*$/, "");
  if (plain.startsWith(".")) return posix.normalize(posix.join(dirname(from), plain));
  const [, area, rest] = /^#(wire|locale|view)\/(.+)$/.exec(plain) ?? [];
  if (area === undefined) return null;
  return area === "view" ? `widget/view/${rest}` : `server/${area}/${rest}.ts`;
}

/** Source without comments and texts, for looking at names alone. */
export const codeOf = (path: string): string =>
  read(path).replace(/("(?:\\.|[^"\\\n])*")|\/\*[\s\S]*?\*\/|\/\/.*$/gm, (_, text: string | undefined) => (text === undefined ? "" : '""'));
