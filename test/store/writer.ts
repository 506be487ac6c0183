/** Adds comments of a given length without end, saying each id once it is acknowledged; stops with the code of the first refusal. */
import { openSqlite } from "../../server/store/sqlite/index.ts";
import { Refusal } from "../../server/refusal.ts";
import { idMaker } from "../../server/new-id.ts";
import { newRow } from "./rows.ts";

const [path, length] = process.argv.slice(2);
const store = await openSqlite({ path: path! });
const newId = idMaker(Date.now);
const source = "x".repeat(Number(length ?? 20));

async function write(): Promise<string> {
  for (;;) {
    try {
      const added = await store.add(newRow(null, { id: newId(), source }), []);
      if (added.ok) process.stdout.write(`${added.row.id}\n`);
    } catch (error) {
      if (error instanceof Refusal) return error.code;
      throw error;
    }
  }
}

const codes = await Promise.all(Array.from({ length: 8 }, write));
// Still there: reads work when writes do not.
process.stdout.write(`${codes[0]} ${(await store.page(1, "blog.example/a")) !== null}\n`);
await store.close();
