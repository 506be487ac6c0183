/** Our own simple drawings of those whom readers know, filled (even-odd) on a field of 24 by 24. */
export const GLYPHS: Glyphs = {
  wordpress: "M12 1a11 11 0 1 0 .1 0zM4.5 7H8l2 6.5L12 7l2 6.5L16 7h3.5L16 18h-2l-2-6-2 6H8z",
  github:
    "M4 3l4 2q4-1 8 0l4-2q1 3 .5 5.5Q22 10 22 13q0 8-10 8T2 13q0-3 1.5-4.5Q3 6 4 3zM8 11a1.8 2.5 0 1 0 .1 0zM16 11a1.8 2.5 0 1 0 .1 0z",
  google: "M12 2a10 10 0 1 0 10 11v-2H12v4h5.5A6 6 0 1 1 16 7.5L19 4.7A10 10 0 0 0 12 2z",
  x: "M2 3h6l5 6.6L18.7 3h2.6l-7.2 8.3L22 21h-6l-5.3-7-6 7H2l7.6-8.8zM6 5l11 14h1.5L7.3 5z",
  facebook: "M12 1a11 11 0 1 0 .1 0zM10 22.7v-7.7H7v-3.5h3V9q0-4.5 4.5-4.5H17v3.4h-1.5q-2 0-2 2v1.6H17l-.5 3.5h-3v8z",
  mastodon:
    "M5 3.5q7-1.5 14 0 3 1 3 5V12q0 5-4 5.5-5 .7-9 .2 1 2.5 6.5 1.8v2Q3 23.5 2 13V8.5q0-4 3-5zM7 14h2V9.5q0-1.5 1-1.5t1 1.5V12h2V9.5q0-1.5 1-1.5t1 1.5V14h2V9q0-3-2.5-3Q12.5 6 12 7.5 11.5 6 9.5 6 7 6 7 9z",
  bluesky:
    "M12 11Q8 4.5 3 3.5 1.5 3.5 2 7q.5 6 5.5 6-6 .5-3 4.5 4 4.5 7.5-2.5 3.5 7 7.5 2.5 3-4-3-4.5 5 0 5.5-6 .5-3.5-1-3.5Q16 4.5 12 11z",
  email: "M2 5h20v14H2zM4 8v9h16V8l-8 6z",
  passkey: "M8 5a6 6 0 1 0 5.7 8H16v3h3v-3h3V9.5h-8.3A6 6 0 0 0 8 5zM8 9a2 2 0 1 0 .1 0z",
};

export type Glyphs = Readonly<Record<string, string>>;
