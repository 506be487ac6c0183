import { signal } from "@preact/signals";
import type { PageLine, PageList, SettingField, SiteChange, SiteList, SiteWire } from "#wire/panel-sites";
import { ask, type PanelRefusal, queryOf, refusalOf } from "../api.ts";
import { noteSignedOut } from "./session.ts";

/** null until they were loaded. */
export const sites = signal<readonly SiteWire[] | null>(null);
export const sitesProblem = signal<PanelRefusal | null>(null);
export const settingFields = signal<readonly SettingField[] | null>(null);

export const siteOf = (id: number): SiteWire | null => sites.value?.find((site) => site.id === id) ?? null;

export async function loadSites(): Promise<void> {
  try {
    const list = await ask<SiteList>("GET", "/sites");
    settingFields.value ??= (await ask<{ fields: SettingField[] }>("GET", "/settings")).fields;
    sites.value = list.sites;
    sitesProblem.value = null;
  } catch (error) {
    const refusal = refusalOf(error);
    if (!noteSignedOut(refusal)) sitesProblem.value = refusal;
  }
}

/** Null when done, else why not. */
type Outcome = Promise<PanelRefusal | null>;

async function attempt(act: () => Promise<void>): Outcome {
  try {
    await act();
    return null;
  } catch (error) {
    const refusal = refusalOf(error);
    noteSignedOut(refusal);
    return refusal;
  }
}

export const addSite = (name: string, origins: string[]): Outcome =>
  attempt(async () => {
    const site = await ask<SiteWire>("POST", "/sites", { name, origins });
    sites.value = [...(sites.value ?? []), site];
  });

export const changeSite = (id: number, change: SiteChange): Outcome =>
  attempt(async () => {
    const changed = await ask<SiteWire>("PATCH", `/sites/${id}`, change);
    sites.value = (sites.value ?? []).map((site) => (site.id === id ? changed : site));
  });

export const deleteSite = (id: number): Outcome =>
  attempt(async () => {
    await ask("DELETE", `/sites/${id}`);
    sites.value = (sites.value ?? []).filter((site) => site.id !== id);
  });

/** Pages of one site, as far as they were asked for. */
export const pages = signal<readonly PageLine[]>([]);
export const pagesNext = signal<number | null>(null);
let asked = 0;

export async function loadPages(site: number, search: string, after: number | null = null): Outcome {
  const question = ++asked;
  if (after === null) pages.value = [];
  return attempt(async () => {
    const list = await ask<PageList>("GET", `/sites/${site}/pages${queryOf({ search, after })}`);
    if (question !== asked) return;
    pages.value = after === null ? list.pages : [...pages.value, ...list.pages];
    pagesNext.value = list.next;
  });
}

export const changePage = (page: PageLine, change: { open?: boolean; title?: string }): Outcome =>
  attempt(async () => {
    const changed = await ask<PageLine>("PATCH", `/sites/${page.site}/pages`, { url: page.url, ...change });
    pages.value = pages.value.map((other) => (other.id === changed.id ? changed : other));
  });
