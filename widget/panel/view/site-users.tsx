import { useState } from "preact/hooks";
import type { VNode } from "preact";
import type { SiteWire } from "#wire/panel-sites";
import type { Sso } from "#wire/site-user";
import type { PanelRefusal } from "../api.ts";
import { say } from "../state/notice.ts";
import { changeSite } from "../state/sites.ts";
import { t } from "../state/words.ts";
import { Field } from "./field.tsx";
import { Submit } from "./submit.tsx";

/** What stands in the form; without an algorithm the site signs nobody in. */
type Draft = Omit<Sso, "algorithm"> & { algorithm: Sso["algorithm"] | "" };

const NOBODY: Draft = { algorithm: "", key: "", roles: false };

/** With which key the site signs in its own users. A secret is never shown again. */
export function SiteUsers({ site }: { site: SiteWire }): VNode {
  const kept = site.settings.sso;
  const [draft, setDraft] = useState<Draft>(kept ?? NOBODY);
  const [refusal, setRefusal] = useState<PanelRefusal | null>(null);
  const { algorithm, key, roles } = draft;
  const write = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const submit = async (event: Event) => {
    event.preventDefault();
    const refused = await changeSite(site.id, { settings: { sso: algorithm === "" ? null : { algorithm, key, roles } } });
    setRefusal(refused);
    if (refused) return;
    if (algorithm === "HS256") write({ key: "" });
    say(t("saved"));
  };
  const isSecret = algorithm === "HS256";
  return (
    <form class="form" noValidate onSubmit={(event) => void submit(event)}>
      <h2>{t("ssoTitle")}</h2>
      <p class="note">{t("ssoNote")}</p>
      <Field label={t("ssoAlgorithm")}>
        {(described) => (
          <select
            {...described}
            value={algorithm}
            onChange={(event) => write({ algorithm: event.currentTarget.value as Draft["algorithm"], key: "" })}
          >
            <option value="">{t("wayState_off")}</option>
            <option value="EdDSA">{t("ssoEdDSA")}</option>
            <option value="HS256">{t("ssoHS256")}</option>
          </select>
        )}
      </Field>
      {algorithm !== "" && (
        <>
          <Field
            key={algorithm}
            label={t(isSecret ? "ssoSecret" : "ssoKey")}
            note={t(isSecret ? (kept?.algorithm === "HS256" ? "waySecretKept" : "ssoSecretNote") : "ssoKeyNote")}
            wrong={refusal?.fields["sso"]}
          >
            {(described) =>
              isSecret ? (
                <input
                  {...described}
                  type="password"
                  autocomplete="off"
                  dir="ltr"
                  value={key}
                  onInput={(event) => write({ key: event.currentTarget.value })}
                />
              ) : (
                <textarea
                  {...described}
                  rows={3}
                  dir="ltr"
                  spellcheck={false}
                  value={key}
                  onInput={(event) => write({ key: event.currentTarget.value })}
                />
              )
            }
          </Field>
          <Field label={t("ssoRoles")} note={t("ssoRolesNote")}>
            {(described) => (
              <input {...described} type="checkbox" checked={roles} onChange={(event) => write({ roles: event.currentTarget.checked })} />
            )}
          </Field>
        </>
      )}
      <Submit refusal={refusal} />
    </form>
  );
}
