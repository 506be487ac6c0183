import type { Person } from "./said.ts";

const reader = (name: string, email: string, website = ""): Person => ({ name, email, website });

/** Everybody is made up; addresses are under names kept for examples (RFC 2606). */
export const people = {
  ingrid: { name: "Ingrid Sollis", email: "ingrid@quire.example", website: "", role: "Bookbinder" },
  teo: { name: "Teo Marchetti", email: "teo@quire.example", website: "", role: "Bookbinder" },
  hanne: reader("Hanne", "hanne@ledger.example"),
  okoro: reader("Chidi Okoro", "chidi@okoro.example", "https://okoro.example/"),
  brandt: reader("W. Brandt", "w.brandt@mail.example"),
  lucia: reader("Lucía", "lucia@papel.example", "https://papel.example/cuadernos"),
  noor: reader("نور", "noor@daftar.example"),
  yael: reader("יעל", "yael@niyar.example"),
  priya: reader("Priya R.", "priya@fold.example", "https://fold.example/"),
  tom: reader("Tom from the bakery", "tom@bakery.example"),
  maud: reader("Maud", "maud@example.com"),
  ferris: reader("ferris_b", "ferris@example.net"),
  okafor: reader("Sister Agnes", "agnes@priory.example"),
  jun: reader("Jun", "jun@lefthand.example"),
  spammer: reader("Best Deals", "deals@cheap.example", "https://cheap.example/watches"),
} as const satisfies Record<string, Person>;
