import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isPublic, outbound } from "../../server/outbound.ts";

let visits = 0;
let answer: (response: import("node:http").ServerResponse) => void = (response) => response.end("reached");
const server = createServer((_, response) => {
  visits++;
  answer(response);
});
let place = "";
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test("nothing on this machine or a private network is reached, however it is written (S-24)", async () => {
  const port = place.split(":")[1];
  const hosts = [
    "127.0.0.1",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "localhost",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "0.0.0.0",
    "127.1",
  ];
  for (const host of hosts) {
    for (const scheme of ["http", "https"])
      await expect(outbound({ outboundAllow: [] })(`${scheme}://${host}:${port}/`)).rejects.toThrow("could not be reached");
  }
  expect(visits).toBe(0);
  for (const address of [
    "10.1.2.3",
    "100.64.0.1",
    "169.254.169.254",
    "172.31.0.1",
    "192.168.1.1",
    "224.0.0.1",
    "255.255.255.255",
    "fd00::1",
    "fe80::1",
    "ff02::1",
    "::",
    "2002:7f00:1::",
  ]) {
    expect([address, isPublic(address)]).toEqual([address, false]);
  }
  for (const address of ["93.184.216.34", "2606:2800:220:1::1"]) expect(isPublic(address)).toBe(true);
});

test("what OUTBOUND_ALLOW names is reached, and no redirect from it is followed", async () => {
  const reach = outbound({ outboundAllow: [place] });
  expect(await (await reach(`http://${place}/`)).text()).toBe("reached");
  answer = (response) => response.writeHead(302, { location: "/elsewhere" }).end();
  visits = 0;
  expect((await reach(`http://${place}/`)).status).toBe(302);
  expect(visits).toBe(1);
});

test("one that never ends, is too large, or compressed is given up (S-26)", async () => {
  const reach = outbound({ outboundAllow: [place] }, 200);
  answer = (response) => void response.write("slowly");
  await expect(reach(`http://${place}/`)).rejects.toThrow("could not be reached");
  answer = (response) => response.end(Buffer.alloc(1_000_001));
  await expect(outbound({ outboundAllow: [place] })(`http://${place}/`)).rejects.toThrow("could not be reached");
  answer = (response) => response.writeHead(200, { "content-encoding": "gzip" }).end("x");
  await expect(reach(`http://${place}/`)).rejects.toThrow("could not be reached");
});
