import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { afterEach, describe, expect, it, vi } from "vitest";
import { heartbeats } from "../../server/live/beats.ts";
import type { Channel, Listener } from "../../server/live/hub.ts";
import { liveHub } from "../../server/live/in-process.ts";
import { socketsForStreams } from "../../server/live/seats.ts";
import { stream } from "../../server/routes/live.ts";
import type { Env } from "../../server/routes/request.ts";
import type { Services } from "../../server/services.ts";
import { listen } from "./listen.ts";
import { liveServer, until } from "./live-server.ts";

afterEach(() => void vi.useRealTimers());

describe("streams", () => {
  it("are limited for each address and in all, and a seat is free again when its reader goes", async () => {
    const server = await liveServer({ config: { liveStreams: 3, liveStreamsPerAddress: 2 } });
    const [first] = [await server.follow(), await server.follow()];
    const refused = await server.follow();
    expect([refused.status, refused.headers["retry-after"]]).toEqual([429, "60"]);
    await server.follow({}, {}, "127.0.0.2");
    const full = await server.follow({}, {}, "127.0.0.3");
    expect([full.status, full.headers["retry-after"]]).toEqual([503, "30"]);
    first!.close();
    await until(() => server.services.live.size().listeners === 2);
    expect((await server.follow()).status).toBe(200);
    // What was refused took no seat.
    expect((await server.follow()).status).toBe(429);
    await server.close();
  });

  it("leave descriptors for everything else", () => {
    expect(
      socketsForStreams(
        "Limit  Soft Limit  Hard Limit  Units\nMax open files            256                  4096                 files\n",
      ),
    ).toBe(204);
    expect(socketsForStreams("Max open files            unlimited            unlimited            files\n")).toBe(Number.POSITIVE_INFINITY);
    expect(socketsForStreams()).toBeGreaterThan(0);
  });

  it("are taken from a reader who takes nothing, and the others are not kept waiting (R-11)", async () => {
    const failures: unknown[] = [];
    const hub = liveHub({ now: Date.now, failed: (error) => failures.push(error) });
    let version = 0;
    const text = "x".repeat(100_000);
    const bytesOf = (id: number) => Buffer.from(`id: ${id}\ndata: ${JSON.stringify(text)}\n\n`);
    const channel: Channel = {
      id: "1 page",
      pace: 0,
      read: async (after) => ({ version, bytes: after === version ? null : bytesOf(version) }),
    };
    const services = { live: hub, config: { publicUrl: "http://localhost" } } as unknown as Services;
    const app = new Hono<Env>();
    app.use((c, next) => {
      c.set("requestId", "a");
      return next();
    });
    app.get("/", (c) =>
      stream(services, c, { followed: [{ channel, cursor: 0 }], until: Number.POSITIVE_INFINITY, headers: {}, leave: () => {} }),
    );
    const server = createServer(getRequestListener(app.fetch));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const [stuck, reading] = [await listen(url), await listen(url)];
    stuck.stall();
    // Until what the kernel holds for the one who is stuck is full, and then what we hold.
    while (hub.size().listeners === 2) {
      version++;
      hub.changed({ site: 1, key: "page" });
      expect((await reading.next()).id).toBe(String(version));
    }
    expect(hub.size().listeners).toBe(1);
    expect(failures).toEqual([]);
    reading.close();
    await until(() => hub.size().listeners === 0);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it("give a sign of life every 25 seconds, not all in the same one, and end when their time is over", () => {
    vi.useFakeTimers();
    const heard = new Map<number, number>();
    const ended: number[] = [];
    const started = Date.now();
    const listenerOf = (n: number): Listener => ({
      cursor: 0,
      until: n === 0 ? started + 30_000 : Number.POSITIVE_INFINITY,
      send: () => void heard.set(n, (heard.get(n) ?? 0) + 1),
      end: () => void ended.push(n),
    });
    const beats = heartbeats(Date.now, () => {});
    const all = Array.from({ length: 200 }, (_, n) => listenerOf(n));
    for (const listener of all) beats.add(listener);
    vi.advanceTimersByTime(1_000);
    expect(heard.size).toBeLessThan(50);
    vi.advanceTimersByTime(24_000);
    expect([heard.size, new Set(heard.values())]).toEqual([200, new Set([1])]);
    vi.advanceTimersByTime(50_000);
    expect(new Set(ended)).toEqual(new Set([0]));
    for (const listener of all) beats.delete(listener);
    expect(vi.getTimerCount()).toBe(0);
  });
});
