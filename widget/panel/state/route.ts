import { computed, signal } from "@preact/signals";
import { notice } from "./notice.ts";
import { QUEUE_STATUSES, type QueueStatus } from "./statuses.ts";

export type View = "all" | QueueStatus;
export const VIEWS: readonly View[] = ["all", ...QUEUE_STATUSES];

/** What the queue shows: all that stands in the address, so that it can be kept as a bookmark. */
export interface Filter {
  view: View;
  site: number | null;
  page: number | null;
  search: string;
  sort: "newest" | "oldest";
}

/** The first is what is shown where none is named. */
export const SITE_PARTS = ["snippet", "settings", "ways", "pages"] as const;
export type SitePart = (typeof SITE_PARTS)[number];

export type Route =
  | { name: "queue"; filter: Filter }
  | { name: "sites" }
  | { name: "site"; site: number; part: SitePart }
  | { name: "you" };

export const FIRST_FILTER: Filter = { view: "held", site: null, page: null, search: "", sort: "newest" };

const hash = signal(location.hash);
addEventListener("hashchange", () => {
  hash.value = location.hash;
  takeLink();
  // What was said elsewhere is over; an error stays until it is read.
  if (!notice.value?.error) notice.value = null;
});

export const route = computed<Route>(() => parse(hash.value.slice(1)));

/** `/held?site=1&q=words`, `/sites`, `/sites/1/settings`, `/you`; anything else is the first view. */
function parse(text: string): Route {
  const [path = "", query = ""] = text.split("?", 2);
  const [, first = "", second = "", third = ""] = path.split("/");
  if (first === "you") return { name: "you" };
  if (first === "sites" && second === "") return { name: "sites" };
  if (first === "sites" && /^\d+$/.test(second)) {
    return { name: "site", site: Number(second), part: SITE_PARTS.find((part) => part === third) ?? "snippet" };
  }
  const values = new URLSearchParams(query);
  const number = (name: string) => (/^[1-9]\d*$/.test(values.get(name) ?? "") ? Number(values.get(name)) : null);
  const view = VIEWS.find((candidate) => candidate === first) ?? FIRST_FILTER.view;
  const site = number("site");
  return {
    name: "queue",
    filter: {
      view,
      site,
      page: site === null ? null : number("page"),
      search: values.get("q") ?? "",
      sort: values.get("sort") === "oldest" ? "oldest" : "newest",
    },
  };
}

/** The address of a view of the queue. */
export function hrefOf(filter: Partial<Filter>): string {
  const { view, site, page, search, sort } = { ...FIRST_FILTER, ...filter };
  const query = new URLSearchParams();
  if (site !== null) query.set("site", String(site));
  if (site !== null && page !== null) query.set("page", String(page));
  if (search !== "") query.set("q", search);
  if (sort !== "newest") query.set("sort", sort);
  return `#/${view}${query.size > 0 ? `?${query.toString()}` : ""}`;
}

export const go = (href: string): void => void (location.hash = href);

export interface Link {
  purpose: "setup" | "login";
  token: string;
}

/** The one-time link that was opened, until it is used. */
export const link = signal<Link | null>(null);

/** Takes a link's token out of the address at once, so that no history keeps it. */
export function takeLink(): void {
  const [, purpose, token] = /^#(setup|login)=([\w-]{43})$/.exec(location.hash) ?? [];
  if (!purpose || !token) return;
  history.replaceState(null, "", location.pathname);
  hash.value = "";
  link.value = { purpose: purpose as Link["purpose"], token };
}
