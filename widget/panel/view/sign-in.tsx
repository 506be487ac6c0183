import { useState } from "preact/hooks";
import type { VNode } from "preact";
import type { Session } from "#wire/panel-owner";
import { ask, refusalOf } from "../api.ts";
import { whyOf } from "../state/notice.ts";
import { NoPasskey, usePasskey } from "../state/passkey.ts";
import { link } from "../state/route.ts";
import { session } from "../state/session.ts";
import { t } from "../state/words.ts";
import { Field } from "./field.tsx";
import { LanguageChoice } from "./language.tsx";

/** The door: a passkey, a passphrase, or the link from the console. */
export function SignIn({ token, passkey }: { token: string | null; passkey: boolean }): VNode {
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const attempt = async (act: () => Promise<Session>) => {
    setBusy(true);
    setProblem("");
    try {
      session.value = await act();
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const { email, passphrase } = Object.fromEntries(new FormData(event.currentTarget as HTMLFormElement));
    void attempt(() => ask<Session>("POST", "/login/passphrase", { email, passphrase }));
  };
  return (
    <main class="door">
      <h1>Youfigure</h1>
      {token !== null && (
        <p>
          <button type="button" class="main" disabled={busy} onClick={() => void attempt(() => openWith(token))}>
            {t("signIn")}
          </button>
        </p>
      )}
      {token === null && passkey && (
        <>
          <p>
            <button
              type="button"
              class="main"
              disabled={busy}
              onClick={() => void attempt(async () => ask<Session>("POST", "/login/passkey", { passkey: await usePasskey() }))}
            >
              {t("signInPasskey")}
            </button>
          </p>
          <p class="or">{t("signInOr")}</p>
        </>
      )}
      {token === null && (
        <form class="form" onSubmit={submit}>
          <Field label={t("email")}>
            {(described) => <input {...described} type="email" name="email" required autocomplete="username" />}
          </Field>
          <Field label={t("passphrase")}>
            {(described) => <input {...described} type="password" name="passphrase" required autocomplete="current-password" />}
          </Field>
          <button type="submit" class={passkey ? "" : "main"} disabled={busy}>
            {t("signIn")}
          </button>
        </form>
      )}
      <p role="alert" class={problem && "problem"}>
        {problem}
      </p>
      <p class="note">{t("lostKey")}</p>
      <LanguageChoice />
    </main>
  );
}

/** A link is good once: whatever comes of it, it is not offered again. */
async function openWith(token: string): Promise<Session> {
  try {
    const opened = await ask<Session>("POST", "/login/link", { token });
    link.value = null;
    return opened;
  } catch (error) {
    if (refusalOf(error).code === "token_invalid") link.value = null;
    throw error;
  }
}

function problemOf(error: unknown): string {
  if (error instanceof NoPasskey) return t("passkeyCancelled");
  const refusal = refusalOf(error);
  return refusal.code === "token_invalid" ? t("linkUsed") : t("failed", { why: whyOf(refusal) });
}
