import { describe, expect, test } from "vitest";
import { renderHtml } from "../../server/comments/foreign-html.ts";
import { textOf } from "../../server/wire/body.ts";
import { normal, treeOfHtml } from "./tree-of-html.ts";

const html = (source: string, images = false) => normal(renderHtml(source, { images }));

describe("HTML of other systems", () => {
  test.each([
    ["one", "One\n\nTwo\nthree\r\n\r\n\r\nfour\n", "<p>One</p><p>Two<br>three</p><p>four</p>"],
    ["breaks written twice", "<p>a<br />\nb<br><br>c<br></p>", "<p>a<br>b<br><br>c</p>"],
    ["paragraphs and loose text", "a<p>b</p>c <b>d</b>\n\n<i>e</i>", "<p>a</p><p>b</p><p>c <strong>d</strong></p><p><em>e</em></p>"],
    ["a quote", "<blockquote>a\n\nb</blockquote>c", "<blockquote><p>a</p><p>b</p></blockquote><p>c</p>"],
    ["a list", "<ul>\n<li>a</li>\n<li><p>b</p></li>\n</ul>", "<ul><li>a</li><li><p>b</p></li></ul>"],
    ["code", "<pre><code>a\n\n  b &lt;c&gt;\n</code></pre>", "<pre><code>a\n\n  b &lt;c&gt;\n</code></pre>"],
    [
      "a table",
      '<table>\n<tr>\n<td align="right">a</td><th>b</th></tr></table>',
      '<table><tbody><tr><td align="right">a</td><th>b</th></tr></tbody></table>',
    ],
    [
      "bare addresses",
      "see http://a.example/?x=1&amp;y=2, www.b.example",
      '<p>see <a href="http://a.example/?x=1&amp;y=2">http://a.example/?x=1&amp;y=2</a>, <a href="http://www.b.example/">www.b.example</a></p>',
    ],
    ["a link", '<a href="https://a.example/" onclick="x" rel="y" style="z">b</a>', '<p><a href="https://a.example/">b</a></p>'],
    ["a link that goes nowhere", '<a href="javascript:alert(1)">a</a> <a name=x>b</a> <a href="/c">c</a>', "<p>a b c</p>"],
    ["scripts and styles", "a<script>b</script><style>c</style><iframe>d</iframe><svg><text>e</text></svg>f", "<p>af</p>"],
    ["unknown elements", '<div class="x"><font color=red>a</font> <marquee>b</marquee></div>', "<p>a b</p>"],
    ["entities", "a &amp;lt; b &#8217; &nbsp;c &lt;b&gt;", "<p>a &amp;lt; b ’ &nbsp;c &lt;b&gt;</p>"],
    [
      "older names of elements",
      "<b>a</b><i>b</i><strike>c</strike><tt>d</tt>",
      "<p><strong>a</strong><em>b</em><del>c</del><code>d</code></p>",
    ],
    ["unclosed and crossed elements", "<b>a<i>b</b>c", "<p><strong>a<em>b</em></strong>c</p>"],
    ["a stray end", "a</b></p>b < c > d <3", "<p>a</p><p>b &lt; c &gt; d &lt;3</p>"],
    ["nothing", " \n <p> </p><br>", ""],
  ])("%s", (_, source, expected) => expect(html(source)).toEqual(treeOfHtml(expected)));

  test("pictures are links unless the site allows them", () => {
    const source = '<img src="https://a.example/b.png" alt="c"> <img src=x onerror=alert(1) alt=d>';
    expect(html(source)).toEqual(treeOfHtml('<p><a href="https://a.example/b.png">c</a> d</p>'));
    expect(html(source, true)).toEqual(treeOfHtml('<p><img src="https://a.example/b.png" alt="c"> d</p>'));
  });

  test("links that lie name where they lead", () => {
    expect(textOf(renderHtml('<a href="https://evil.example">pay<b>pal.com</b></a>', { images: false }))).toBe(
      "paypal.com (evil.example)\n",
    );
  });

  test("text stays however deep it stands", () => {
    for (const tag of ["blockquote", "div", "b", "ul><li", "table><tr><td"]) {
      expect(textOf(renderHtml(`<${tag}>`.repeat(2_000) + "deep", { images: false })), tag).toContain("deep");
    }
  });
});
