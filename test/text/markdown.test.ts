import { describe, expect, test } from "vitest";
import { HIGHLIGHT_BUDGET } from "../../server/comments/highlight.ts";
import { renderMarkdown } from "../../server/comments/markdown.ts";
import { LIMITS } from "../../server/wire/limits.ts";
import { TAGS, textOf } from "../../server/wire/body.ts";
import { corpusJson, haveCorpora } from "../corpora.ts";
import { expectSafeTree } from "./oracle.ts";
import { normal, treeOfHtml, withBreaks } from "./tree-of-html.ts";

const draw = (source: string, images = false) => renderMarkdown(source, { images });
const html = (source: string, images = false) => normal(draw(source, images));
const is = (expected: string) => treeOfHtml(expected);

describe("Markdown", () => {
  test.each([
    ["a\nb", "<p>a<br>b</p>"],
    ["~~a~~ *b* **c** `d`", "<p><del>a</del> <em>b</em> <strong>c</strong> <code>d</code></p>"],
    ["# a\n\n***\n\n> b", "<h1>a</h1><hr><blockquote><p>b</p></blockquote>"],
    ["3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'],
    [
      "|a|b|\n|-:|:-:|\n|c|d|",
      '<table><thead><tr><th align="right">a</th><th align="center">b</th></tr></thead><tbody><tr><td align="right">c</td><td align="center">d</td></tr></tbody></table>',
    ],
    ["<b>x</b> <script>alert(1)</script>", "<p>&lt;b&gt;x&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt;</p>"],
    ["[a](javascript:alert(1)) [b](data:text/html,x) [c](/d)", "<p>[a](javascript:alert(1)) [b](data:text/html,x) [c](/d)</p>"],
    [
      "www.example.com/a and https://b.example.",
      '<p><a href="http://www.example.com/a">www.example.com/a</a> and <a href="https://b.example/">https://b.example</a>.</p>',
    ],
    ["a@b.example", '<p><a href="mailto:a@b.example">a@b.example</a></p>'],
    ["README.md and script.sh and example.com", "<p>README.md and script.sh and example.com</p>"],
    ["[x]()", "<p>x</p>"],
  ])("%j", (source, expected) => expect(html(source)).toEqual(is(expected)));

  test("shows pictures only where the site allows them, and only over https", () => {
    const source = "![alt *text*](https://a.example/b.png) ![c](http://a.example/d.png) [![e](https://a.example/f.png)](https://g.example)";
    expect(html(source, true)).toEqual(
      is(
        '<p><img src="https://a.example/b.png" alt="alt text"> <a href="http://a.example/d.png">c</a> <a href="https://g.example/"><img src="https://a.example/f.png" alt="e"></a></p>',
      ),
    );
    expect(html(source)).toEqual(
      is('<p><a href="https://a.example/b.png">alt text</a> <a href="http://a.example/d.png">c</a> <a href="https://g.example/">e</a></p>'),
    );
    expect(html("![](https://a.example/b.png)")).toEqual(is('<p><a href="https://a.example/b.png">https://a.example/b.png</a></p>'));
    expect(html("![x](data:image/png;base64,AA)", true)).toEqual(is("<p>![x](data:image/png;base64,AA)</p>"));
  });

  test("colours code in a language that it knows, and no other", () => {
    expect(draw("```js\nlet a = 1\n```")).toEqual([
      [TAGS.indexOf("pre"), "js", [TAGS.indexOf("span"), "keyword", "let"], " a = ", [TAGS.indexOf("span"), "number", "1"], "\n"],
    ]);
    for (const source of ["```\nlet a\n```", "```klingon\nlet a\n```", "    let a\n"])
      expect(JSON.stringify(draw(source))).not.toContain("keyword");
    const long = `\`\`\`js\n${"let a = 1;\n".repeat(HIGHLIGHT_BUDGET / 10)}\`\`\``;
    expect(JSON.stringify(draw(long))).not.toContain("keyword");
    for (const source of ["<a href='x'>", "a\n  b\n"]) expect(textOf(draw(`\`\`\`html\n${source}\n\`\`\``))).toBe(`${source}\n\n`);
  });

  test("keeps the text of quotes and lists however deep they are", () => {
    for (const source of [
      "> ".repeat(500) + "deep",
      "- ".repeat(500) + "deep",
      `${"*a **b ".repeat(500)}deep${"** *".repeat(500)}`,
      "[".repeat(500) + "deep",
    ]) {
      const body = draw(source);
      expectSafeTree(body, source.slice(0, 20));
      expect(textOf(body)).toContain("deep");
    }
  });

  test("caps a run of combining marks", () => expect(textOf(draw(`a${"\u0301".repeat(50)}b`))).toBe(`a${"\u0301".repeat(8)}b\n`));
});

describe("a link whose text names another place", () => {
  const text = (source: string) => textOf(draw(source)).trim();
  test.each([
    ["[paypal.com](https://evil.example/)", "paypal.com (evil.example)"],
    ["[https://paypal.com/login](https://evil.example/)", "https://paypal.com/login (evil.example)"],
    ["[**pay**pal.com](https://evil.example)", "paypal.com (evil.example)"],
    ["[Visit paypal.com now](https://evil.example)", "Visit paypal.com now (evil.example)"],
    ["[pay\u200bpal.com](https://evil.example)", "pay\u200bpal.com (evil.example)"],
    ["[paypal。com](https://evil.example)", "paypal。com (evil.example)"],
    ["<https://paypal.com@evil.example/>", "https://paypal.com@evil.example/ (evil.example)"],
    ["https://\u0430pple.com", "https://\u0430pple.com (xn--pple-43d.com)"],
    ["[\u0430pple.com](https://xn--pple-43d.com/)", "\u0430pple.com (xn--pple-43d.com)"],
    ["[a@bank.example](mailto:b@evil.example)", "a@bank.example (b@evil.example)"],
  ])("%s shows it", (source, shown) => expect(text(source)).toBe(shown));

  test.each([
    ["[here](https://a.example)", "here"],
    ["[a.example](https://www.a.example/b)", "a.example"],
    ["[https://a.example/index.html](https://a.example/index.html)", "https://a.example/index.html"],
    ["https://müller.example/", "https://müller.example/"],
    ["https://日本.example/", "https://日本.example/"],
    ["https://xn--pple-43d.com/", "https://xn--pple-43d.com/"],
    ["Foo.Bar@Mail.example", "Foo.Bar@Mail.example"],
    ["[3.5 and e.g. this](https://a.example)", "3.5 and e.g. this"],
  ])("but not %s", (source, shown) => expect(text(source)).toBe(shown));
});

describe.skipIf(!haveCorpora)("what GitHub's Markdown adds", () => {
  interface Example {
    example: number;
    section: string;
    markdown: string;
    html: string;
  }
  const promised = () =>
    (corpusJson("markdown/gfm-spec.json") as Example[]).filter(({ section }) =>
      /^(?:Tables|Strikethrough|Autolinks) \(extension\)$/i.test(section),
    );
  const DIFFERENT: Record<number, string> = {
    625: "an address ends at a parenthesis that it did not open",
    626: "an entity at its end belongs to the address",
    628: "ftp is no link",
    630: "an e-mail's domain may hold a plus",
  };

  test("tables, strikethrough and autolinks are drawn as its examples say, but for these", () => {
    expect(promised().length).toBeGreaterThan(18);
    const wrong = promised().filter(
      ({ markdown, html: expected }) => JSON.stringify(html(markdown)) !== JSON.stringify(withBreaks(treeOfHtml(expected))),
    );
    expect(wrong.map(({ example }) => String(example))).toEqual(Object.keys(DIFFERENT));
  });
});

describe.skipIf(!haveCorpora)("input made to be slow", () => {
  interface Pathological {
    name: string;
    parts: [string, number][];
  }
  const cases = haveCorpora ? (corpusJson("markdown/pathological.json") as Pathological[]) : [];
  /** CPU milliseconds, the best of three, so that a busy machine does not count. */
  const cost = (source: string) =>
    Math.min(
      ...[1, 2, 3].map(() => {
        const before = process.cpuUsage();
        expectSafeTree(draw(source), source.slice(0, 40));
        return process.cpuUsage(before).user / 1_000;
      }),
    );

  test.each(cases.map(({ name, parts }) => [name, parts] as const))("%s", (_, parts) => {
    const total = parts.reduce((sum, [text, times]) => sum + text.length * times, 0);
    const whole = parts.map(([text, times]) => text.repeat(Math.max(1, Math.floor((times * LIMITS.body) / total)))).join("");
    const start = parts
      .map(([text, times]) => text.repeat(times))
      .join("")
      .slice(0, LIMITS.body);
    expect(cost(whole)).toBeLessThan(100);
    expect(cost(start)).toBeLessThan(100);
  });

  test.each(["js", "java", "c", "cpp", "csharp", "ini", "typescript", "xml", "php", "ruby", "json"])("code in %s", (language) => {
    for (const piece of ["a", "a\n", "a.", "$", "(", "{", "'", "a(", "-", "\n", "<a ", `${"a".repeat(60)}\n`, `a${" ".repeat(200)}\n`]) {
      expect(cost(`\`\`\`${language}\n${piece.repeat(LIMITS.body / piece.length)}`), piece).toBeLessThan(100);
      expect(cost(`\`\`\`${language}\n${piece.repeat((HIGHLIGHT_BUDGET - 1) / piece.length)}`), piece).toBeLessThan(100);
    }
  });

  test.each(["a", "a.", "-_.", "[a.b](http://c.de/)", "www.", "http://a.b ", "a@b.c ", "\u0430a.", "\u0301"])(
    "links and look-alikes of %j",
    (piece) => {
      const text = piece.repeat((LIMITS.body - 30) / piece.length);
      expect(cost(text)).toBeLessThan(100);
      expect(cost(`[${text}](https://a.example/)`)).toBeLessThan(100);
    },
  );
});
