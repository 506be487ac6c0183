/** The pages that the browser loads, from one small static server, all compressed in the same way. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, constants } from "node:zlib";
import type { Thread } from "../../server/wire/comment.ts";
import type { Served } from "./processes.ts";
import { threadPath } from "./reads.ts";

/** First the plain page with the comments as HTML, beside which the others are measured. */
export const VARIANTS = ["plain", "preloaded", "tag"] as const;
export type Variant = (typeof VARIANTS)[number];

const STORED = [100, 200, 1_000, 50_000] as const;
export type Stored = (typeof STORED)[number];

export interface Pages {
  url: string;
  /** Comments of the first answer. */
  comments: Record<Stored, number>;
  close(): Promise<void>;
}

export async function serveStatic(served: Pick<Served, "url">, addresses: Record<Stored, string>): Promise<Pages> {
  const pages = new Map<string, Buffer>();
  const comments = { 100: 0, 200: 0, 1000: 0, 50000: 0 };
  for (const stored of STORED) {
    const address = addresses[stored];
    const thread = (await (await fetch(served.url + threadPath(address))).json()) as Thread;
    comments[stored] = thread.comments.length;
    const html = { plain: await plain(served.url, address), preloaded: preloaded(served.url, address), tag: tag(served.url) };
    for (const variant of VARIANTS) pages.set(`/${variant}-${stored}`, compressed(page(address, html[variant])));
  }
  const server = createServer((request, response) => {
    const body = pages.get(request.url!);
    if (!body) return void response.writeHead(404).end();
    response
      .writeHead(200, { "content-type": "text/html; charset=utf-8", "content-encoding": "br", "content-length": body.length })
      .end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    comments,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

interface Part {
  head: string;
  body: string;
}

/** What a static build would put there: the server's own list with its styles, and without content-visibility, which no plain page has. */
async function plain(server: string, address: string): Promise<Part> {
  const page = await (await fetch(`${server}/thread?url=${encodeURIComponent(address)}`)).text();
  const style = /<link[^>]+rel="?stylesheet"?[^>]*>/.exec(page)?.[0];
  const href = style && /href="([^"]+)"/.exec(style)?.[1];
  if (!href) throw new Error("The page without JavaScript has no styles");
  const css = await (await fetch(new URL(href, server))).text();
  const fragment = await (await fetch(`${server}/thread?fragment=&url=${encodeURIComponent(address)}`)).text();
  return {
    head: `<style>${css.replaceAll(/content-visibility:\s*auto/g, "content-visibility:visible")}</style>`,
    body: fragment.split('<script type="application/ld+json">')[0]!,
  };
}

const tag = (server: string): Part => ({ head: "", body: `<script async src="${server}/embed.js"></script>` });

/** The README's snippet with its two lines. */
const preloaded = (server: string, address: string): Part => ({
  head: `<link rel="preload" as="script" href="${server}/embed.js">
<link rel="preload" as="fetch" crossorigin="anonymous" href="${server}${threadPath(address)}">`,
  body: tag(server).body,
});

const PARAGRAPH =
  "When the first frost comes the market moves under the bridge, and those who sold plums in summer now sell soup. It is the same people, the same tables and, they say, the same fire, carried across the road in a bucket.";

const page = (address: string, { head, body }: Part): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Under the bridge</title>
<link rel="canonical" href="${address}">
${head}
<style>body{font:1rem/1.5 serif;max-width:40rem;margin:2rem auto;padding:0 1rem}</style></head>
<body><main><h1>Under the bridge</h1>${`<p>${PARAGRAPH}</p>`.repeat(3)}</main>
${body}
</body></html>
`;

const compressed = (html: string): Buffer => brotliCompressSync(html, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
