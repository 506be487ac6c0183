import { people as p } from "./people.ts";
import type { Discussion } from "./said.ts";

export const paperForInk: Discussion = {
  page: "paper-for-ink.html",
  title: "Choosing paper for a pen that leaks a little",
  said: [
    {
      key: "code",
      by: p.priya,
      at: "2026-09-27T18:20:00Z",
      text: "Here is the program that Teo mentions. Give it the number of leaves in a gathering and it tells you which pages go on which sheet, outermost first:\n\n```js\nfunction imposition(leaves) {\n  const pages = leaves * 2; // a leaf has two sides\n  return Array.from({ length: leaves / 2 }, (_, sheet) => ({\n    front: [pages - 2 * sheet, 1 + 2 * sheet],\n    back: [2 + 2 * sheet, pages - 1 - 2 * sheet],\n  }));\n}\n\nconsole.log(imposition(8)[0]); // { front: [16, 1], back: [2, 15] }\n```\n\n`leaves` has to be even; four or eight fold best.",
    },
    {
      key: "code-1",
      to: "code",
      by: p.teo,
      at: "2026-09-28T07:12:00Z",
      text: "I’ve checked it against two folded sheets and a pencil. It is right, and I was wrong in the first draft of this post. Thank you!",
    },
    {
      key: "left",
      by: p.jun,
      at: "2026-09-29T10:45:00Z",
      text: "Left-handed, broad nib, can’t give up my slow purple ink. Does *any* of the four work for me, or do I change hands?",
    },
    {
      key: "left-1",
      to: "left",
      by: p.teo,
      at: "2026-09-29T11:30:00Z",
      text: "The smooth wove, and a blotter as a bookmark: we’ll sew one in if you ask. On the wove I measured eleven seconds for that purple, against thirty on the laid.\n\n| Ink | Laid | Wove |\n|---|---:|---:|\n| slow purple | 30 s | 11 s |\n| iron gall | 18 s | 6 s |\n| school blue | 14 s | 5 s |\n\nKeep the hand.",
    },
    {
      key: "left-2",
      to: "left-1",
      by: p.jun,
      at: "2026-10-03T12:01:00Z",
      text: "The swatch came, the blotter works, the hand stays.",
    },
    {
      key: "yael",
      by: p.yael,
      at: "2026-10-04T06:20:00Z",
      text: "שאלה קטנה: האם אפשר להזמין מחברת שנפתחת מימין לשמאל? אני כותבת בעברית, ותמיד מתחילה מהסוף.",
    },
    {
      key: "yael-1",
      to: "yael",
      by: p.ingrid,
      at: "2026-10-05T08:44:00Z",
      text: "Gladly (בשמחה)! Every book of ours opens either way until we put the label on. Write “right to left” with the order, and the label and the ribbon go on the proper side. No extra charge; it is only us turning the book round.",
    },
  ],
};

export const mendingTable: Discussion = {
  page: "mending-table.html",
  title: "The mending table is free on Thursdays",
  said: [
    {
      key: "cat",
      by: p.tom,
      at: "2026-09-02T15:00:00Z",
      text: "I brought in my grandfather’s recipe book and the cat sat on *me*. I choose to take this as an appraisal.",
    },
    {
      key: "cat-1",
      to: "cat",
      by: p.ingrid,
      at: "2026-09-02T16:20:00Z",
      text: "Bodoni does not make mistakes. It may also have been the flour.",
    },
    {
      key: "train",
      by: p.maud,
      at: "2026-09-10T20:18:00Z",
      text: "Is the room reachable with a wheelchair, and is there a train back after five?",
    },
    {
      key: "train-1",
      to: "train",
      by: p.teo,
      at: "2026-09-11T07:50:00Z",
      text: "Yes to both: there is a ramp at the yard door (ring, it is heavy), and trains go at 17:12, 18:12 and 19:42. The table itself can be let down; say so when you come in.",
    },
  ],
};

/** A few words under the page that tries to break the widget, so that there is something to break. */
export const hostile: Discussion = {
  page: "hostile.html",
  title: "A page that does everything to break it",
  said: [
    {
      key: "reset",
      by: p.priya,
      at: "2026-11-10T09:00:00Z",
      text: "My old theme had a reset like this one. Every comment box I tried came out nine pixels high and **magenta**.",
    },
    {
      key: "reset-1",
      to: "reset",
      by: p.teo,
      at: "2026-11-10T09:20:00Z",
      text: "If you can read this as a sentence and not as a stripe, it works:\n\n1. a list\n2. with `code` in it\n\n> and a quotation",
    },
  ],
};
