import { people as p } from "./people.ts";
import type { Discussion } from "./said.ts";

export const januarySpines: Discussion = {
  page: "january-spines.html",
  title: "What went wrong with the January spines",
  said: [
    {
      key: "shame",
      by: p.ferris,
      at: "2026-10-19T14:02:00Z",
      text: "Shame on you. I wrote about my cracked spine in **MARCH** and was told that paper moves with the weather. Seven months later it turns out you can’t weigh water. I gave that book to my daughter with the first year of her life in it.",
    },
    {
      key: "shame-1",
      to: "shame",
      by: p.ingrid,
      at: "2026-10-19T14:48:20Z",
      text: "You are right, and I have your message of 11 March before me. You described this very fault, and I sent you a sentence about weather. That was my answer, nobody else’s, and it was wrong twice: about the glue, and in not asking to see the book.\n\nI should like to put it right for her and not only for you. May I telephone you today? If you would rather write, reply here or to ingrid@quire.example. I won’t touch the pages: we can rebuild the back without opening the sewing.",
    },
    {
      key: "shame-2",
      to: "shame-1",
      by: p.ferris,
      at: "2026-10-19T15:30:11Z",
      text: "I don’t want it in the post. It’s not a parcel, it’s her first year.",
    },
    {
      key: "shame-3",
      to: "shame-2",
      by: p.ingrid,
      at: "2026-10-19T15:52:45Z",
      text: "Then it won’t go into the post. Teo drives past Hallbeck on Saturday anyway; he can bring the press and do it on your kitchen table, with you looking on. About two hours, and he’ll bring his own tea.",
    },
    {
      key: "shame-4",
      to: "shame-3",
      by: p.maud,
      at: "2026-10-20T09:00:00Z",
      text: "(Reading along, with my 26-031 in the drawer. Please tell us how it went.)",
    },
    {
      key: "shame-5",
      to: "shame-3",
      by: p.ferris,
      at: "2026-10-24T19:26:00Z",
      text: "It went well. He was here at ten, he let her hold the bone folder, and the book opens flat now, which it never did before. I’ve left the comment above as it was, because it was true when I wrote it. This one is true as well. Thank you.",
    },
    {
      key: "shame-6",
      to: "shame-5",
      by: p.teo,
      at: "2026-10-24T20:05:37Z",
      text: "She has better hands than I have. Tell her that the folder is hers to keep.",
    },
    {
      key: "number",
      by: p.priya,
      at: "2026-10-20T07:41:00Z",
      text: "My number is 26-008. One off! Do I celebrate or worry? :)",
    },
    {
      key: "number-1",
      to: "number",
      by: p.teo,
      at: "2026-10-20T08:15:00Z",
      text: "Celebrate carefully: 008 came from the pot before, which we have tested. If it makes you sleep better, open it two hundred times in front of the television. If it cracks, it’s ours to mend.",
    },
    {
      key: "gift",
      by: p.lucia,
      at: "2026-10-22T16:33:00Z",
      text: "Gracias por contarlo así. I bought three as gifts and don’t remember the numbers. Can you see them from the order?",
    },
    {
      key: "gift-1",
      to: "gift",
      by: p.ingrid,
      at: "2026-10-22T17:10:00Z",
      text: "We can: yours were 26-044, -045 and -046, all three from the bad pot, I’m sorry to say. I’ve written to you with a label for each of your friends, so that you needn’t explain anything to anyone.",
    },
    {
      key: "held",
      by: { name: "Rosalind", email: "rosalind@example.org" },
      at: "2026-11-22T07:30:00Z",
      text: "I think that I have one of the sixty-one! It was a present and the back cover is gone. Is there another way to tell?",
      status: "held",
      reason: "first",
    },
  ],
};
