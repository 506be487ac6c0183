import { useEffect, useState } from "preact/hooks";
import type { VNode } from "preact";
import type { MailState } from "#wire/panel-mail";
import { ask, type PanelRefusal, refusalOf } from "../api.ts";
import { say } from "../state/notice.ts";
import { noteSignedOut } from "../state/session.ts";
import { ago } from "../state/time.ts";
import { t } from "../state/words.ts";
import { Why } from "./why.tsx";

/** Whether letters are sent, and those that were given up. */
export function Mail(): VNode | null {
  const [state, setState] = useState<MailState | null>(null);
  const [refusal, setRefusal] = useState<PanelRefusal | null>(null);
  const attempt = async (act: () => Promise<MailState>, said?: string) => {
    try {
      setState(await act());
      setRefusal(null);
      if (said) say(said);
    } catch (error) {
      const refused = refusalOf(error);
      noteSignedOut(refused);
      setRefusal(refused);
    }
  };
  useEffect(() => void attempt(() => ask<MailState>("GET", "/mail")), []);
  if (!state) return null;
  const { on, waiting, givenUp } = state;
  return (
    <section class="form">
      <h2>{t("mail")}</h2>
      <p class="note">{on ? t("mailWaiting", { n: waiting }) : t("mailOff")}</p>
      {givenUp.length > 0 && <h3>{t("mailGivenUp")}</h3>}
      <ul class="passkeys">
        {givenUp.map(({ site, key, to, error, at }) => (
          <li key={`${site} ${key}`}>
            <bdi>{to}</bdi>{" "}
            <span class="note">
              {ago(at)}: <bdi>{error}</bdi>
            </span>
            <button
              type="button"
              class="act"
              aria-label={`${t("mailRetry")}: ${to}`}
              onClick={() => void attempt(() => ask<MailState>("POST", "/mail/retry", { site, key }), t("mailRetried"))}
            >
              {t("mailRetry")}
            </button>
          </li>
        ))}
      </ul>
      <Why refusal={refusal} />
      {on && (
        <p class="buttons">
          <button type="button" onClick={() => void attempt(() => ask<MailState>("POST", "/mail/test"), t("mailTested"))}>
            {t("mailTest")}
          </button>
        </p>
      )}
    </section>
  );
}
