/** the answer never arrives, though the comment is stored. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { type Blog, commentOf, post } from "./blog.ts";
import { bars, type Outcome } from "./fault.ts";
import { startServer } from "./process.ts";
import { recount } from "./recount.ts";

/** Each comment is sent through a line that breaks as soon as the server begins to answer, and sent again under the same key. */
export async function loseReplies(blog: Blog, comments: number): Promise<Outcome> {
  const { wrong, must } = bars();
  const server = await startServer(blog);
  const line = await breakingLine(server.url);
  let lost = 0;
  for (let n = 0; n < comments; n++) {
    const comment = commentOf(blog, n, null);
    const through = () => post(line.url, comment, `key-${n}`);
    await through().then(
      () => must(false, "an answer came through"),
      () => lost++,
    );
    // A renewed token does not make it another comment.
    const again = { ...comment, token: commentOf(blog, n, null).token };
    const ids = [await post(server.url, again, `key-${n}`), await post(server.url, again, `key-${n}`)];
    must(ids[0] === ids[1], `comment ${n} has two ids`);
  }
  line.close();
  server.kill("SIGTERM");
  await server.ended;
  const { ids, times, wrong: miscounted } = await recount(blog.database, blog.site);
  must(line.begun() === comments, `${line.begun()} answers were cut off`);
  must(ids.size === comments && [...times.values()].every((count) => count === 1), `${ids.size} rows for ${comments} comments`);
  wrong.push(...miscounted);
  return { wrong, seen: `${lost} answers cut off after the commit, each comment sent twice more: ${ids.size} rows, the same id each time` };
}

/** Passes on what is sent, and breaks both ways when something comes back. */
async function breakingLine(to: string) {
  const { hostname, port } = new URL(to);
  let begun = 0;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    near.on("error", () => {}).pipe(far.on("error", () => {}));
    far.once("data", () => {
      begun++;
      near.destroy();
      far.destroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, begun: () => begun, close: () => void server.close() };
}
