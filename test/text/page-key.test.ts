import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pageKey } from "../../server/comments/page-key.ts";
import { Refusal } from "../../server/refusal.ts";
import { LIMITS } from "../../server/wire/limits.ts";
import { corpusJson, corpusText, haveCorpora } from "../corpora.ts";
import { strings } from "./oracle.ts";

const keyOf = (address: string, aliases = {}) => {
  const read = pageKey(address, aliases);
  return read instanceof Refusal ? read.code : read.key;
};

/** Total, idempotent, and the host is the one that browsers see, but for its default port. */
function expectSound(address: string): void {
  const read = pageKey(address, {});
  if (read instanceof Refusal) {
    expect(read.code).toBe("page_url_invalid");
    return;
  }
  const url = new URL(address);
  expect(read.origin).toBe(url.origin);
  const host = /^(\[[^\]]*\]|[^:/?]*)/.exec(read.key)![0];
  expect(host, address).toBe(url.hostname);
  expect(keyOf(`https://${read.key}`), address).toBe(read.key);
  expect(keyOf(`http://${read.key}`), address).toBe(read.key);
}

describe("the key of a page", () => {
  test.each([
    ["https://blog.example/post", "blog.example/post"],
    ["http://BLOG.example:80/post/", "blog.example/post"],
    ["https://blog.example:443/Post", "blog.example/Post"],
    ["https://blog.example:8443/post", "blog.example:8443/post"],
    ["https://www.blog.example/post", "www.blog.example/post"],
    ["https://blog.example", "blog.example/"],
    ["https://blog.example/?", "blog.example/"],
    ["https://blog.example/a//", "blog.example/a//"],
    ["https://blog.example/%7ea%2fb%c3%a4/", "blog.example/~a%2Fb%C3%A4"],
    ["https://blog.example/ä", "blog.example/%C3%A4"],
    ["https://blog.example/a#comment-1", "blog.example/a"],
    ["https://blog.example/a?utm_source=x&b=2&fbclid=y&a=1&UTM_Medium=z", "blog.example/a?b=2&a=1"],
    ["https://blog.example/a?gclid=1", "blog.example/a"],
    ["https://blog.example/a/?p=1", "blog.example/a?p=1"],
    ["https://blog.example/a?p=1/", "blog.example/a?p=1/"],
    ["https://blog.example/a?ref=x&id", "blog.example/a?ref=x&id"],
    ["https://blog.example/a/../b/./c", "blog.example/b/c"],
    ["https://blog.example/%4%31", "blog.example/%2541"],
    ["https://müller.example/", "xn--mller-kva.example/"],
    ["https://[::1]:3000/a", "[::1]:3000/a"],
  ])("of %s is %s", (address, key) => expect(keyOf(address)).toBe(key));

  test.each([
    "",
    "post",
    "/post",
    "//blog.example/post",
    "ftp://blog.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "blob:https://blog.example/1",
    "about:blank",
    "https://user@blog.example/",
    "https://user:secret@blog.example/",
    "https://",
    "https://a b/",
    `https://blog.example/${"a".repeat(LIMITS.url)}`,
    `https://blog.example/${"ä".repeat(500)}`,
  ])("is refused for %s", (address) => expect(keyOf(address)).toBe("page_url_invalid"));

  test("is the same the first and the hundred-thousandth time (Node 20 optimises URL.canParse wrongly)", () => {
    for (let n = 0; n < 100_000; n++) if (keyOf("https://stra\u00dfe.example/") !== "xn--strae-oqa.example/") expect.fail(`in round ${n}`);
  });

  test("joins other hosts only as the owner lists them, one step far", () => {
    const aliases = { "www.blog.example": "blog.example", "old.example:8080": "blog.example", a: "b", b: "c" };
    expect(keyOf("https://www.blog.example/x", aliases)).toBe("blog.example/x");
    expect(keyOf("http://old.example:8080/x", aliases)).toBe("blog.example/x");
    expect(keyOf("http://old.example/x", aliases)).toBe("old.example/x");
    expect(keyOf("http://a/x", aliases)).toBe("a/x");
    expect(keyOf("http://b/x", aliases)).toBe("c/x");
    expect(keyOf("http://constructor/x", aliases)).toBe("constructor/x");
    expect(pageKey("https://www.blog.example/x", aliases)).toMatchObject({ origin: "https://www.blog.example" });
  });

  test("is sound for whatever is asked for", () => {
    const part = fc.oneof(
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "%",
        "%4",
        "%41",
        "%7e",
        "/",
        "//",
        "..",
        "?",
        "&",
        "=",
        "utm_x=1",
        "#",
        "\\",
        "\t",
        ":80",
        ":443",
        "@",
        "%2e",
        "%25",
      ),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        expectSound(`https://host.example/${parts.join("")}`);
        expectSound(parts.join(""));
      }),
      { numRuns: 3_000 },
    );
  });

  test("is the same for all spellings of one page, and differs for two pages (against a plain model)", () => {
    const segment = fc.stringMatching(/^[a-z0-9A-Z~_.-]{1,6}x$/);
    const page = fc.record({
      host: fc.constantFrom("a.example", "b.example", "www.a.example"),
      path: fc.array(segment, { maxLength: 3 }),
      query: fc.array(fc.tuple(fc.constantFrom("p", "q", "id"), segment), { maxLength: 3 }),
    });
    type Page = typeof page extends fc.Arbitrary<infer P> ? P : never;
    const model = ({ host, path, query }: Page) => JSON.stringify([host, path, query]);
    const escape = (text: string) => [...text].map((char, n) => (n % 2 ? char : `%${char.charCodeAt(0).toString(16)}`)).join("");
    const spell = ({ host, path, query }: Page, odd: boolean): string => {
      const parameters = query.map(([name, value]) => `${name}=${odd ? escape(value) : value}`);
      const all = odd ? ["utm_campaign=1", ...parameters, "fbclid=2"] : parameters;
      const joined = path.map((text) => (odd ? escape(text) : text)).join("/");
      return `${odd ? `HTTP://${host.toUpperCase()}:80` : `https://${host}`}/${joined}${odd && joined ? "/" : ""}${all.length ? `?${all.join("&")}` : ""}${odd ? "#top" : ""}`;
    };
    fc.assert(
      fc.property(page, page, (one, two) => {
        expect(keyOf(spell(one, true))).toBe(keyOf(spell(one, false)));
        expect(keyOf(spell(one, false)) === keyOf(spell(two, true))).toBe(model(one) === model(two));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe.skipIf(!haveCorpora)("with the addresses of the corpora", () => {
  const names = ["urltestdata", "urltestdata-javascript-only", "setters_tests", "percent-encoding", "verifydnslength_tests"];
  const addresses = () => [
    ...names.flatMap((name) => strings(corpusJson(`url/${name}.json`))),
    ...corpusText("attacks/open-redirect-payloads.txt").split("\n"),
    ...strings(corpusJson("attacks/patt-ssrf.json")),
  ];

  test("the key is total, idempotent, and has the host that browsers see", () => {
    expect(addresses().length).toBeGreaterThan(2_000);
    for (const address of addresses()) expectSound(address);
  });

  test("the same page has one key whatever its scheme", () => {
    for (const address of addresses())
      if (/^https:/i.test(address) && address.length <= LIMITS.url)
        expect(keyOf(address.replace(/^https:/i, "http:"))).toBe(keyOf(address));
  });

  test.each(["IdnaTestV2", "IdnaTestV2-removed", "toascii"])("hosts of %s are those of WHATWG", (name) => {
    for (const entry of corpusJson(`url/${name}.json`) as ({ input: string; output: string | null } | string)[]) {
      if (typeof entry === "string" || entry.input === "" || /[\t\n\r/?#\\@:%[\]^|<> ]/.test(entry.input)) continue;
      expectSound(`https://${entry.input}/x`);
    }
  });
});
