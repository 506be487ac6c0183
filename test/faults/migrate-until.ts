/** A process that migrates a database and is killed after its n-th statement: `migrate-until.ts PATH N`. Ends with 3 where there are fewer. */
import { migrate } from "../../server/store/migrations/index.ts";
import { openFile } from "../../server/store/sqlite/file.ts";
import { sqliteDialect } from "../../server/store/sqlite/index.ts";

const [path = "", until = "0"] = process.argv.slice(2);
const connection = openFile(path);
connection.exec("begin immediate");
const steps = migrate(sqliteDialect(), Date.now());
let step = steps.next();
for (let n = 1; !step.done; n++) {
  const result = connection.run(step.value);
  if (n === Number(until)) process.kill(process.pid, "SIGKILL");
  step = steps.next(result);
}
process.exitCode = 3;
connection.exec("rollback");
connection.close();
