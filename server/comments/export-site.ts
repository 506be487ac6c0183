import type { Services } from "../services.ts";
import type { Site } from "../store/records.ts";
import { pageUrl } from "./sites.ts";

/** A site as JSON lines: a line for the site, then one for each comment, in order of pages and time. Names and e-mails are in it, keys are not. */
export async function* exportLines({ store }: Pick<Services, "store">, site: Site): AsyncIterable<string> {
  yield `${JSON.stringify({ youfigure: 1, site: { ...site, settings: { ...site.settings, sso: null } } })}\n`;
  for await (const { row, page } of store.exportRows(site.id)) {
    const { ipHash: _, body: __, site: ___, page: ____, ...comment } = row;
    yield `${JSON.stringify({ url: pageUrl(site, page.key), title: page.title, comment })}\n`;
  }
}
