import type { ComponentChildren, VNode } from "preact";
import type { OwnerProfile } from "#wire/panel-owner";
import { helpOpen } from "../state/keys.ts";
import { countOf, filter } from "../state/queue.ts";
import { hrefOf, route } from "../state/route.ts";
import { signOut } from "../state/session.ts";
import { t } from "../state/words.ts";

/** The bar at the top, and what stands under it. */
export function Frame({ owner, children }: { owner: OwnerProfile; children: ComponentChildren }): VNode {
  const here = route.value.name;
  const waiting = countOf("held");
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        {t("skip")}
      </a>
      <header class="top">
        <strong class="brand">Youfigure</strong>
        <nav aria-label={t("title")}>
          <a href={hrefOf(filter.value)} aria-current={here === "queue" ? "page" : undefined}>
            {t("queue")}
            {waiting !== null && waiting > 0 && <span class="count"> {waiting}</span>}
          </a>
          <a href="#/sites" aria-current={here === "sites" || here === "site" ? "page" : undefined}>
            {t("sites")}
          </a>
          <a href="#/you" aria-current={here === "you" ? "page" : undefined}>
            {t("you")}
          </a>
        </nav>
        <span class="who">{owner.name}</span>
        <button type="button" class="quiet keys" title={`${t("help")} (?)`} onClick={() => void (helpOpen.value = true)}>
          {t("help")}
        </button>
        <button type="button" class="quiet" onClick={() => void signOut(false)}>
          {t("logout")}
        </button>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

/** Not by the address: that is the panel's own. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
