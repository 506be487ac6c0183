import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { connectionLimit, limitConnections } from "../../server/connections.ts";
import { fairShares, turnstile } from "../../server/overload.ts";
import { testApp } from "./setup.ts";

describe("places for writes", () => {
  test("are all but one part for a site alone, and shared when others come", () => {
    const shares = fairShares(12);
    const fill = (site: string) => {
      let n = 0;
      for (; shares.admits(site); n++) shares.begin(site);
      return n;
    };
    expect(fill("busy")).toBe(6);
    expect(fill("quiet")).toBe(4);
    expect(fill("third")).toBe(2);
    expect(shares.admits("busy")).toBe(false);
    shares.end("third");
    shares.end("third");
    expect(shares.admits("third")).toBe(true);
  });

  test("are there for who has none, even when all are taken", () => {
    const shares = fairShares(4);
    for (let site = 0; site < 8; site++) {
      expect(shares.admits(`site ${site}`)).toBe(true);
      shares.begin(`site ${site}`);
    }
    expect(shares.admits("one too many")).toBe(false);
    shares.end("site 3");
    expect(shares.admits("one too many")).toBe(true);
  });
});

test("few writes begin within one turn of the event loop, so that a reader waits behind no more, and all of them in the end", async () => {
  const app = await testApp();
  let turn = 0;
  const began: number[] = [];
  const behind = turnstile(app.services, (_, response) => void (began.push(turn), response.end()), { aTurn: 2 });
  const server = createServer(behind).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const sockets = Array.from({ length: 20 }, () => connect({ port, host: "127.0.0.1" }));
  let open = 0;
  await new Promise<void>((done) => server.on("connection", () => ++open === sockets.length && done()));
  let counting = true;
  const count = () => {
    turn++;
    if (counting) setImmediate(count);
  };
  setImmediate(count);
  // All in one go, so that one turn of the loop finds all of them.
  for (const socket of sockets) socket.write("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n");
  const answers = await Promise.all(sockets.map(async (socket) => String(((await once(socket, "data")) as Buffer[])[0]).slice(0, 12)));
  counting = false;
  expect(answers).toEqual(Array(20).fill("HTTP/1.1 200"));
  const most = Math.max(...began.map((at) => began.filter((other) => other === at).length));
  // One turn's last and the next one's first may fall between two counts.
  expect(most).toBeLessThanOrEqual(4);
  for (const socket of sockets) socket.destroy();
  await new Promise((done) => server.close(done));
  await app.close();
});

describe("connections of one address", () => {
  let server = createServer();
  const sockets: Socket[] = [];
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  });
  const listen = async (limitOf: (address: string) => number) => {
    server = createServer((_, response) => response.end("well"));
    limitConnections(server, limitOf);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  };
  /** What comes back for a request: an answer, or "" from a connection that was closed. */
  const ask = async (localAddress: string): Promise<{ said: string; socket: Socket }> => {
    const socket = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", localAddress }).setEncoding("utf8");
    sockets.push(socket);
    socket.on("error", () => {});
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    const said = await new Promise<string>((resolve) => socket.once("data", resolve).once("close", () => resolve("")));
    return { said, socket };
  };

  test("are closed beyond the limit, while another address is answered and a place that becomes free is taken", async () => {
    await listen(() => 3);
    const first = [await ask("127.0.0.1"), await ask("127.0.0.1"), await ask("127.0.0.1")];
    expect(first.map(({ said }) => said.slice(0, 12))).toEqual(Array(3).fill("HTTP/1.1 200"));
    expect((await ask("127.0.0.1")).said).toBe("");
    expect((await ask("127.0.0.2")).said).toMatch(/^HTTP\/1\.1 200/);
    first[0]!.socket.destroy();
    for (;;) if ((await ask("127.0.0.1")).said !== "") break;
  });

  test("have no limit behind our own proxies, nor where only this machine can connect", () => {
    const public_ = connectionLimit({ host: "0.0.0.0", trustedProxies: ["10.0.0.0/8", "::1"] });
    expect(public_("203.0.113.9")).toBe(200);
    expect(public_("127.0.0.1")).toBe(200);
    expect(public_("10.1.2.3")).toBe(Number.POSITIVE_INFINITY);
    expect(public_("::1")).toBe(Number.POSITIVE_INFINITY);
    expect(connectionLimit({ host: "127.0.0.1", trustedProxies: [] })("127.0.0.1")).toBe(Number.POSITIVE_INFINITY);
  });
});
