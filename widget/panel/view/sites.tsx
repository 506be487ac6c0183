import { useEffect, useState } from "preact/hooks";
import type { VNode } from "preact";
import type { PanelRefusal } from "../api.ts";
import { whyOf } from "../state/notice.ts";
import { go, hrefOf } from "../state/route.ts";
import { addSite, loadSites, sites, sitesProblem } from "../state/sites.ts";
import { t } from "../state/words.ts";
import { Field } from "./field.tsx";

/** All sites, and a form for another. */
export function SitesView(): VNode {
  useEffect(() => void loadSites(), []);
  const known = sites.value;
  return (
    <>
      <h1>{t("sites")}</h1>
      {sitesProblem.value && (
        <p role="alert" class="problem">
          {t("failed", { why: whyOf(sitesProblem.value) })}
        </p>
      )}
      {known?.length === 0 && (
        <div class="empty">
          <p class="big">{t("noSites")}</p>
          <p>{t("noSitesMore")}</p>
        </div>
      )}
      <ul class="sites">
        {known?.map(({ id, name, origins }) => (
          <li key={id}>
            <h2>
              <a href={`#/sites/${id}`}>{name}</a>
            </h2>
            <p class="note">{origins.join(", ")}</p>
            <p class="links">
              <a href={hrefOf({ view: "all", site: id })}>{t("siteComments")}</a>
              <a href={`#/sites/${id}/pages`}>{t("sitePages")}</a>
              <a href={`#/sites/${id}/settings`}>{t("siteSettings")}</a>
            </p>
          </li>
        ))}
      </ul>
      <AddSite />
    </>
  );
}

/** One line each, without the empty ones. */
export const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

function AddSite(): VNode {
  const [name, setName] = useState("");
  const [origins, setOrigins] = useState("");
  const [refusal, setRefusal] = useState<PanelRefusal | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    const refused = await addSite(name, linesOf(origins));
    setRefusal(refused);
    const added = sites.value?.at(-1);
    if (!refused && added) go(`#/sites/${added.id}`);
  };
  return (
    <form class="form" noValidate onSubmit={(event) => void submit(event)}>
      <h2>{t("addSite")}</h2>
      <Field label={t("siteName")} wrong={refusal?.fields["name"]}>
        {(described) => <input {...described} value={name} onInput={(event) => setName(event.currentTarget.value)} />}
      </Field>
      <Field label={t("siteOrigins")} note={t("siteOriginsNote")} wrong={refusal?.fields["origins"]}>
        {(described) => (
          <textarea {...described} rows={2} dir="ltr" value={origins} onInput={(event) => setOrigins(event.currentTarget.value)} />
        )}
      </Field>
      {refusal && (
        <p role="alert" class="problem">
          {t("failed", { why: whyOf(refusal) })}
        </p>
      )}
      <p class="buttons">
        <button type="submit" class="main">
          {t("addSite")}
        </button>
      </p>
    </form>
  );
}
