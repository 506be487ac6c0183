import { useState } from "preact/hooks";
import type { VNode } from "preact";
import type { FieldCode } from "#wire/refusal";
import type { Session } from "#wire/panel-owner";
import { PASSPHRASE_MIN } from "#wire/limits";
import { ask, refusalOf } from "../api.ts";
import { whyOf } from "../state/notice.ts";
import { makePasskey, NoPasskey } from "../state/passkey.ts";
import { session } from "../state/session.ts";
import { t } from "../state/words.ts";
import { Field } from "./field.tsx";
import { LanguageChoice } from "./language.tsx";

interface Problem {
  text: string;
  fields: Readonly<Record<string, FieldCode>>;
}
const NONE: Problem = { text: "", fields: {} };

/** The first run: who is the owner, and how will they sign in? */
export function SetUp({ token, passkey }: { token: string | null; passkey: boolean }): VNode {
  const [way, setWay] = useState<"passkey" | "passphrase">(passkey ? "passkey" : "passphrase");
  const [{ text, fields }, setProblem] = useState<Problem>(NONE);
  const [busy, setBusy] = useState(false);
  if (token === null) {
    return (
      <main class="door">
        <h1>Youfigure</h1>
        <p>{t("setUpNeedsLink")}</p>
        <LanguageChoice />
      </main>
    );
  }
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const { name = "", email = "", role = "", passphrase = "" } = Object.fromEntries(new FormData(event.currentTarget as HTMLFormElement));
    setBusy(true);
    setProblem(NONE);
    try {
      const how = way === "passphrase" ? { passphrase } : { passkey: await makePasskey("/setup/options", { token, name, email }) };
      session.value = await ask<Session>("POST", "/setup", { token, name, email, role, ...how });
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <main class="door">
      <h1>Youfigure</h1>
      <p>{t("setUpHello")}</p>
      <form class="form" noValidate onSubmit={(event) => void submit(event)}>
        <Field label={t("name")} wrong={fields["name"]}>
          {(described) => <input {...described} name="name" autocomplete="name" required />}
        </Field>
        <Field label={t("email")} note={t("emailNote")} wrong={fields["email"]}>
          {(described) => <input {...described} name="email" type="email" autocomplete="username" required />}
        </Field>
        <Field label={t("role")} note={t("profileNote")} wrong={fields["role"]}>
          {(described) => <input {...described} name="role" defaultValue={t("roleDefault")} />}
        </Field>
        {passkey && (
          <fieldset>
            <legend>{t("setUpHow")}</legend>
            {(["passkey", "passphrase"] as const).map((choice) => (
              <label key={choice} class="choice">
                <input type="radio" name="way" checked={way === choice} onChange={() => setWay(choice)} />
                {t(choice === "passkey" ? "setUpPasskey" : "setUpPassphrase")}
              </label>
            ))}
            {way === "passkey" && <p class="note">{t("passkeysNote")}</p>}
          </fieldset>
        )}
        {way === "passphrase" && (
          <Field label={t("passphrase")} note={t("passphraseNote", { n: PASSPHRASE_MIN })} wrong={fields["passphrase"]}>
            {(described) => <input {...described} name="passphrase" type="password" autocomplete="new-password" required />}
          </Field>
        )}
        <p role="alert" class={text && "problem"}>
          {text}
        </p>
        <button type="submit" class="main" disabled={busy}>
          {t("setUp")}
        </button>
      </form>
      <LanguageChoice />
    </main>
  );
}

function problemOf(error: unknown): Problem {
  if (error instanceof NoPasskey) return { text: t("passkeyCancelled"), fields: {} };
  const refusal = refusalOf(error);
  return { text: refusal.code === "token_invalid" ? t("linkUsed") : t("failed", { why: whyOf(refusal) }), fields: refusal.fields };
}
