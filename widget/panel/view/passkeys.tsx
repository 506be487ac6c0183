import { useEffect, useState } from "preact/hooks";
import type { VNode } from "preact";
import type { PasskeyList } from "#wire/panel-owner";
import { ask, type PanelRefusal, refusalOf } from "../api.ts";
import { makePasskey, NoPasskey } from "../state/passkey.ts";
import { canUsePasskey, noteSignedOut, session } from "../state/session.ts";
import { ago } from "../state/time.ts";
import { t } from "../state/words.ts";
import { Field } from "./field.tsx";
import { Why } from "./why.tsx";

/** The owner's passkeys, and how to add one. */
export function Passkeys(): VNode {
  const [list, setList] = useState<PasskeyList["passkeys"]>([]);
  const [refusal, setRefusal] = useState<PanelRefusal | null>(null);
  const [cancelled, setCancelled] = useState(false);
  const [label, setLabel] = useState("");
  const attempt = async (act: () => Promise<PasskeyList>) => {
    setRefusal(null);
    setCancelled(false);
    try {
      setList((await act()).passkeys);
      return true;
    } catch (error) {
      if (error instanceof NoPasskey) setCancelled(true);
      else {
        const refused = refusalOf(error);
        noteSignedOut(refused);
        setRefusal(refused);
      }
      return false;
    }
  };
  useEffect(() => void attempt(() => ask<PasskeyList>("GET", "/passkeys")), []);
  const add = async (event: SubmitEvent) => {
    event.preventDefault();
    const added = await attempt(async () =>
      ask<PasskeyList>("POST", "/passkeys", { passkey: await makePasskey("/passkeys/options", {}), label }),
    );
    if (added) setLabel("");
  };
  return (
    <form class="form" onSubmit={(event) => void add(event)}>
      <h2>{t("passkeys")}</h2>
      <p class="note">{t("passkeysNote")}</p>
      <ul class="passkeys">
        {list.map((passkey) => (
          <li key={passkey.id}>
            <span dir="auto">{passkey.label || t("passkeyUnnamed")}</span>{" "}
            <span class="note">{t("added", { when: ago(passkey.createdAt) })}</span>
            <button
              type="button"
              class="act danger"
              aria-label={`${t("passkeyRemove")}: ${passkey.label || t("passkeyUnnamed")}`}
              onClick={() => void attempt(() => ask<PasskeyList>("DELETE", `/passkeys/${passkey.id}`))}
            >
              {t("passkeyRemove")}
            </button>
          </li>
        ))}
      </ul>
      {list.length === 0 && <p>{t("passkeysNone")}</p>}
      {canUsePasskey() ? (
        <>
          <Field label={t("passkeyLabel")}>
            {(described) => (
              <input {...described} dir="auto" maxLength={80} value={label} onInput={(event) => setLabel(event.currentTarget.value)} />
            )}
          </Field>
          <p class="buttons">
            <button type="submit">{t("passkeyAdd")}</button>
          </p>
        </>
      ) : (
        <p class="note">{elsewhere()}</p>
      )}
      <Why refusal={refusal} />
      {cancelled && (
        <p role="alert" class="problem">
          {t("passkeyCancelled")}
        </p>
      )}
    </form>
  );
}

function elsewhere(): string {
  const host = session.value?.passkeyHost;
  return host ? t("passkeyElsewhere", { host }) : t("passkeyImpossible");
}
