import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openFile } from "../../server/store/sqlite/file.ts";
import { type Blog, makeBlog } from "./blog.ts";
import { failDisk, fillDisk } from "./disk.ts";
import { watchSyncs } from "./durable.ts";
import { haveStrace } from "./programs.ts";

let blog: Blog;
beforeEach(async () => {
  blog = await makeBlog();
});
afterEach(() => blog.remove());

const traced = haveStrace();
if (!traced) process.stderr.write("strace cannot be used here: the order of syncs and answers (R-02) is not looked at.\n");

describe("a loss of power", () => {
  it("finds every acknowledged comment synced: each 201 leaves after a sync of the log (R-02)", async () => {
    const connection = openFile(blog.database);
    expect(connection.pragma("synchronous")).toBe(2);
    connection.close();
    if (!traced) return;
    const one = await watchSyncs(blog, { writers: 1, each: 5 });
    expect(one).toMatchObject({ wrong: [], answers: 5 });
    expect(one.syncs).toBeGreaterThanOrEqual(5);
  });
});

describe("a disk that is full", () => {
  it("refuses writers for the time being, still answers readers, and goes on without a restart once there is room (R-03)", async () => {
    expect(await fillDisk(blog)).toMatchObject({ wrong: [] });
  });
});

describe("a disk that fails", () => {
  it("is told by /readyz, refuses writers, still answers readers, and loses nothing once it works again (R-04)", async () => {
    expect(await failDisk(blog, "EIO")).toMatchObject({ wrong: [] });
  });
});
