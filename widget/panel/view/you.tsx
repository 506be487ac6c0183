import { useState } from "preact/hooks";
import type { VNode } from "preact";
import type { OwnerProfile } from "#wire/panel-owner";
import { PASSPHRASE_MIN } from "#wire/limits";
import { ask, type PanelRefusal, refusalOf } from "../api.ts";
import { say } from "../state/notice.ts";
import { noteSignedOut, setOwner, signOut } from "../state/session.ts";
import { t } from "../state/words.ts";
import { Field } from "./field.tsx";
import { LanguageChoice } from "./language.tsx";
import { Mail } from "./mail.tsx";
import { Passkeys } from "./passkeys.tsx";
import { Submit } from "./submit.tsx";
import { Why } from "./why.tsx";

/** Sends a form to the server; what it says no to stands at the fields. */
function useSend(method: "PATCH" | "PUT", path: string): [PanelRefusal | null, (body: object) => Promise<boolean>] {
  const [refusal, setRefusal] = useState<PanelRefusal | null>(null);
  const send = async (body: object) => {
    try {
      setOwner(await ask<OwnerProfile>(method, path, body));
      setRefusal(null);
      say(t("saved"));
      return true;
    } catch (error) {
      const refused = refusalOf(error);
      noteSignedOut(refused);
      setRefusal(refused);
      return false;
    }
  };
  return [refusal, send];
}

/** The owner: name and role, ways to sign in, language, and the way out. */
export function You({ owner }: { owner: OwnerProfile }): VNode {
  return (
    <>
      <h1>{t("you")}</h1>
      <Profile owner={owner} />
      <Passphrase owner={owner} />
      <Passkeys />
      <Mail />
      <section class="form">
        <LanguageChoice />
        <p class="buttons">
          <button type="button" onClick={() => void signOut(false)}>
            {t("logout")}
          </button>
          <button type="button" onClick={() => void signOut(true)}>
            {t("logoutEverywhere")}
          </button>
        </p>
      </section>
    </>
  );
}

function Profile({ owner }: { owner: OwnerProfile }): VNode {
  const [refusal, send] = useSend("PATCH", "/owner");
  const fields = refusal?.fields ?? {};
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void send(Object.fromEntries(new FormData(event.currentTarget as HTMLFormElement)));
  };
  return (
    <form class="form" noValidate onSubmit={submit}>
      <h2>{t("profile")}</h2>
      <p class="note">{t("profileNote")}</p>
      <Field label={t("name")} wrong={fields["name"]}>
        {(described) => <input {...described} name="name" dir="auto" defaultValue={owner.name} autocomplete="name" />}
      </Field>
      <Field label={t("role")} wrong={fields["role"]}>
        {(described) => <input {...described} name="role" dir="auto" defaultValue={owner.role} />}
      </Field>
      <Field label={t("email")} note={t("emailNote")} wrong={fields["email"]}>
        {(described) => <input {...described} name="email" type="email" defaultValue={owner.email} autocomplete="email" />}
      </Field>
      <Submit refusal={refusal} />
    </form>
  );
}

function Passphrase({ owner }: { owner: OwnerProfile }): VNode {
  const [refusal, send] = useSend("PUT", "/owner/passphrase");
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    if (await send(Object.fromEntries(new FormData(form)))) form.reset();
  };
  return (
    <form class="form" noValidate onSubmit={(event) => void submit(event)}>
      <h2>{t("passphrase")}</h2>
      <input type="hidden" autocomplete="username" value={owner.email} />
      <Field label={t("newPassphrase")} note={t("passphraseNote", { n: PASSPHRASE_MIN })} wrong={refusal?.fields["passphrase"]}>
        {(described) => <input {...described} name="passphrase" type="password" autocomplete="new-password" />}
      </Field>
      <Why refusal={refusal} />
      <p class="buttons">
        <button type="submit">{t(owner.passphrase ? "changePassphrase" : "setPassphrase")}</button>
      </p>
    </form>
  );
}
