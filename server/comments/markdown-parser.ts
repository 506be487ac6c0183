import type MarkdownIt from "markdown-it";
import { safeHref } from "./links.ts";
import { later } from "./load-later.ts";

/** Quotes and lists nested deeper than this are read as plain paragraphs: their text stays, and no input can exhaust the stack. */
const MAX_BLOCKS = 16;

/** Made with the first text that is drawn. */
export const parser = later((require) => {
  const parser = new (require("markdown-it") as typeof MarkdownIt)({ html: false, linkify: true, breaks: true });

  parser.validateLink = (address) => safeHref(address) !== null;
  // markdown-it would show xn--… as letters, which is what look-alike names are made for.
  parser.normalizeLinkText = (address) => address;

  // As in GFM, a bare example.com is no link, else README.md and script.sh would be; www.example.com and addresses with a scheme are.
  parser.linkify.set({ fuzzyLink: false, fuzzyEmail: true, fuzzyIP: false });
  parser.linkify.add("www.", {
    validate: (text, at, linkify) => {
      const rest = linkify.matchAtStart(`http://www.${text.slice(at)}`);
      return rest && /^http:\/\/www\.[^./?#:]+\./.test(rest.raw) ? rest.raw.length - "http://www.".length : 0;
    },
    normalize: (match) => {
      match.url = `http://${match.url}`;
    },
  });

  parser.block.ruler.before("table", "too_deep", (state, start, end) => {
    if (state.level < MAX_BLOCKS) return false;
    state.push("paragraph_open", "p", 1).map = [start, end];
    const inline = state.push("inline", "", 0);
    inline.content = state.getLines(start, end, state.blkIndent, false).trim();
    inline.map = [start, end];
    inline.children = [];
    state.push("paragraph_close", "p", -1);
    state.line = end;
    return true;
  });
  return parser;
});
