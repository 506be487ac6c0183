// Writes the tables that the README takes from the code and from the build: `npm run figures`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { variablesTable, waysTable, weightsTable } from "./documents.ts";
import { root } from "./tree.ts";

const file = join(root, "README.md");
const fill = (text: string, mark: string, table: string) =>
  text.replace(new RegExp(`(<!-- ${mark} -->)[^]*?(<!-- /${mark} -->)`), (_, open: string, close: string) => `${open}\n${table}\n${close}`);

const weights = weightsTable(JSON.parse(readFileSync(join(root, "dist/widget/manifest.json"), "utf8")));
const tables = { variables: variablesTable(), ways: waysTable(), weights };
writeFileSync(
  file,
  Object.entries(tables).reduce((text, [mark, table]) => fill(text, mark, table), readFileSync(file, "utf8")),
);
