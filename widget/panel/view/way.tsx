import { useRef, useState } from "preact/hooks";
import type { VNode } from "preact";
import type { KindLine, WayLine, WayTest } from "#wire/panel-ways";
import { ask, type PanelRefusal, refusalOf } from "../api.ts";
import { question } from "../state/confirm.ts";
import { complain, say } from "../state/notice.ts";
import { noteSignedOut } from "../state/session.ts";
import { t, tName } from "../state/words.ts";
import { Field } from "./field.tsx";
import { Code } from "./snippet.tsx";
import type { Send } from "./ways.tsx";
import { Submit } from "./submit.tsx";

interface WayProps {
  way: WayLine;
  kind: KindLine | undefined;
  /** Path of the site's ways. */
  base: string;
  send: Send;
  remove: () => Promise<PanelRefusal | null>;
  /** Null where it stands at that end. */
  earlier: (() => void) | null;
  later: (() => void) | null;
}

/** One way in: whether readers see it, what it was registered as, and whether it works. */
export function Way({ way, kind, base, send, remove, earlier, later }: WayProps): VNode {
  const { id, label, own, on, lacks } = way;
  // From then on it is the owner who opens and closes it.
  const [open] = useState(lacks !== "nothing");
  const form = useRef<HTMLFormElement>(null);
  const [refusal, setRefusal] = useState<PanelRefusal | null>(null);
  const [found, setFound] = useState<WayTest | "trying" | null>(null);
  const save = async (): Promise<boolean> => {
    setFound(null);
    const refused = form.current && (await send("PATCH", `/${id}`, changesIn(form.current, way)));
    setRefusal(refused);
    if (!refused && form.current) forgetSecret(form.current);
    return !refused;
  };
  const test = async () => {
    // What is tried is what was kept.
    if (own && !(await save())) return;
    setFound("trying");
    try {
      setFound(await ask<WayTest>("POST", `${base}/${id}/test`));
    } catch (error) {
      const refused = refusalOf(error);
      setFound(null);
      if (!noteSignedOut(refused)) complain(refused);
    }
  };
  const orComplain = (refused: PanelRefusal | null) => void (refused && complain(refused));
  return (
    <li data-way={id}>
      <h2 class="page-title" data-part="name" tabIndex={-1}>
        <bdi>{label}</bdi> <State way={way} />
      </h2>
      {!own && <p class="note">{t("wayServer")}</p>}
      <details open={open}>
        <summary>{t("waySetUp")}</summary>
        {kind && <AboutKind kind={kind} />}
        {way.canTest && (
          <div class="snippet">
            <Code title={t("wayRedirect")} text={way.redirect} />
          </div>
        )}
        {own && kind && (
          <form
            ref={form}
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              void save().then((saved) => saved && say(t("saved")));
            }}
          >
            <Fields way={way} kind={kind} refusal={refusal} />
            <Submit refusal={refusal} />
          </form>
        )}
      </details>
      <p class="links">
        {way.canTest && <Act word="wayTest" label={label} act={() => void test()} />}
        <Act
          word={on ? "waySwitchOff" : "waySwitchOn"}
          label={label}
          act={() => void send("PATCH", `/${id}`, { on: !on }).then(orComplain)}
        />
        {earlier && <Act word="wayEarlier" part="earlier" label={label} act={earlier} />}
        {later && <Act word="wayLater" part="later" label={label} act={later} />}
        {own && (
          <Act
            word="wayRemove"
            label={label}
            danger
            act={() => {
              const act = () => void remove().then(orComplain);
              question.value = { text: t("wayRemoveSure", { way: label }), yes: t("wayRemove"), act };
            }}
          />
        )}
      </p>
      <div role="status">{found && <FoundOut found={found} />}</div>
    </li>
  );
}

function Act({
  word,
  label,
  act,
  part,
  danger = false,
}: {
  word: "wayTest" | "waySwitchOff" | "waySwitchOn" | "wayEarlier" | "wayLater" | "wayRemove";
  label: string;
  act: () => void;
  /** By which the keyboard finds it again. */
  part?: string;
  danger?: boolean;
}): VNode {
  return (
    <button type="button" data-part={part} class={`act${danger ? " danger" : ""}`} aria-label={`${t(word)}: ${label}`} onClick={act}>
      {t(word)}
    </button>
  );
}

/** What to do for a kind, and what it costs or needs. */
export function AboutKind({ kind: { id, label, about, register } }: { kind: KindLine }): VNode {
  return (
    <p class="note">
      {tName(`kind_${id}`) ?? about}{" "}
      {register !== "" && (
        <a href={register} target="_blank" rel="noopener noreferrer">
          {t("wayRegister", { where: label })}
        </a>
      )}
    </p>
  );
}

function State({ way: { on, lacks } }: { way: WayLine }): VNode {
  const state = !on ? "off" : lacks === "nothing" ? "on" : lacks;
  const looks = { on: "approved", off: "trash", fields: "held", secret: "held" }[state];
  return <span class={`status is-${looks}`}>{t(`wayState_${state}`)}</span>;
}

function FoundOut({ found }: { found: WayTest | "trying" }): VNode {
  if (found === "trying") return <p class="note">{t("wayTesting")}</p>;
  const { verdict, place = "" } = found;
  return <p class={verdict === "works" ? "seen is-good" : "problem"}>{t(`verdict_${verdict}`, { place })}</p>;
}

function Fields({ way, kind, refusal }: { way: WayLine; kind: KindLine; refusal: PanelRefusal | null }): VNode {
  const wrong = refusal?.fields ?? {};
  const { needs, optional } = kind;
  const words = { autocomplete: "off", autocapitalize: "off", spellcheck: false, dir: "ltr" } as const;
  const secretNote = way.secret ? "waySecretKept" : way.lacks === "secret" ? "waySecretAgain" : "waySecretOptional";
  return (
    <>
      <Field label={t("wayLabel")} wrong={wrong["label"]}>
        {(described) => <input {...described} name="label" dir="auto" maxLength={80} defaultValue={way.label} autocomplete="off" />}
      </Field>
      {needs.includes("issuer") && (
        <Field label={t("wayIssuer")} note={t("wayIssuerNote")} wrong={wrong["issuer"]}>
          {(described) => <input {...described} {...words} name="issuer" type="url" defaultValue={way.issuer} />}
        </Field>
      )}
      {needs.includes("client") && (
        <Field label={t("wayClient")} wrong={wrong["client"]}>
          {(described) => <input {...described} {...words} name="client" defaultValue={way.client} />}
        </Field>
      )}
      {needs.includes("secret") && (
        <Field
          label={t("waySecret")}
          note={secretNote === "waySecretOptional" && !optional.includes("secret") ? undefined : t(secretNote)}
          wrong={wrong["secret"]}
        >
          {(described) => <input {...described} {...words} name="secret" type="password" autocomplete="new-password" />}
        </Field>
      )}
    </>
  );
}

/** What differs from what is kept; the secret is never known here, so it is sent where one was written. */
function changesIn(form: HTMLFormElement, way: WayLine): object {
  const written = Object.entries(Object.fromEntries(new FormData(form)) as Record<string, string>);
  const kept: Readonly<Record<string, string>> = { label: way.label, issuer: way.issuer, client: way.client, secret: "" };
  return Object.fromEntries(written.filter(([name, value]) => value !== kept[name]));
}

function forgetSecret(form: HTMLFormElement): void {
  const input = form.elements.namedItem("secret");
  if (input instanceof HTMLInputElement) input.value = "";
}
