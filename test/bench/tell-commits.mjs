// Loaded before the server: counts what SQLite itself is told, so that "commits a write" is counted and not claimed.
import Database from "better-sqlite3";

let commits = 0;
const { prepare, exec } = Database.prototype;
const isCommit = (sql) => /^\s*commit\b/i.test(sql);

Database.prototype.prepare = function (sql) {
  const statement = prepare.call(this, sql);
  if (!isCommit(sql) || this.readonly) return statement;
  const run = statement.run.bind(statement);
  statement.run = () => {
    const result = run();
    commits++;
    return result;
  };
  return statement;
};
Database.prototype.exec = function (sql) {
  exec.call(this, sql);
  if (isCommit(sql) && !this.readonly) commits++;
  return this;
};

process.on("message", () => process.send(commits));
// The bench is gone: nothing is left to serve.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();
