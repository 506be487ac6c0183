import { expect, test } from "vitest";
import { addressReader, subscriberOf } from "../../server/comments/address.ts";
import { floodControl } from "../../server/comments/flood.ts";
import { Settings } from "../../server/wire/settings.ts";
import { ConfigError, readConfig } from "../../server/config.ts";
import * as v from "valibot";

test("X-Forwarded-For is believed from our own proxies alone, from the right", () => {
  const trusting = addressReader(["10.0.0.0/8", "2001:db8::1"]);
  expect(addressReader([])("203.0.113.9", "1.2.3.4")).toBe("203.0.113.9");
  expect(trusting("203.0.113.9", "1.2.3.4")).toBe("203.0.113.9");
  expect(trusting("10.0.0.1", "1.2.3.4")).toBe("1.2.3.4");
  expect(trusting("::ffff:10.0.0.1", "6.6.6.6, 1.2.3.4, 10.1.1.1")).toBe("1.2.3.4");
  expect(trusting("2001:db8::1", "1.2.3.4, not-an-address")).toBe("2001:db8::1");
  expect(trusting("10.0.0.1", null)).toBe("10.0.0.1");
});

test("a proxy is an address or a block of them, or the server says so and does not start", () => {
  for (const good of ["10.0.0.1", "10.0.0.0/8, ::1", "fd00::/8", "::ffff:10.0.0.0/104"]) {
    addressReader(readConfig({ TRUSTED_PROXIES: good }).trustedProxies);
  }
  for (const bad of [
    "10.0.0",
    "10.0.0.256",
    "1.2.3.4.5",
    "10.0.0.0/33",
    "10.0.0.0/8/9",
    "10.0.0.0/",
    "::1::/64",
    "0.0.0.0/0",
    "::/0",
    "fe80::1%eth0",
    "a.b",
  ])
    expect(() => readConfig({ TRUSTED_PROXIES: bad }), bad).toThrow(ConfigError);
});

test("a subscriber is an IPv4 address or an IPv6 /64", () => {
  expect(subscriberOf("203.0.113.9")).toBe("203.0.113.9");
  expect(subscriberOf("2001:db8:1:2:3:4:5:6")).toBe(subscriberOf("2001:0db8:1:2::9"));
  expect(subscriberOf("2001:db8:1:2::1")).not.toBe(subscriberOf("2001:db8:1:3::1"));
  expect(subscriberOf("2001:db8::1%eth0")).toBe("2001:db8:0:0::/64");
  expect(subscriberOf("::1")).toBe("0:0:0:0::/64");
});

test("a million addresses are not all remembered", () => {
  let now = 1_000_000;
  const flood = floodControl(() => now);
  const settings = v.parse(Settings, { floor: 3600 });
  for (let i = 0; i < 300_000; i++) flood.take({ site: 1, address: String(i), email: null }, settings);
  expect(flood.take({ site: 1, address: "0", email: null }, settings)).toBe(0);
  expect(flood.take({ site: 1, address: "299999", email: null }, settings)).toBeGreaterThan(0);
  now -= 86_400_000;
  expect(flood.take({ site: 1, address: "299998", email: null }, settings), "a clock set back locks nobody out").toBe(0);
});
