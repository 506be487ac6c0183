import type { ComponentChildren, VNode } from "preact";
import type { signIn as english } from "#locale/en/sign-in";
import type { Way } from "#wire/sign-in";
import type { Glyphs } from "./glyphs.ts";
import type { Say } from "./reading.ts";

export interface WaysProps {
  say: Say<typeof english>;
  ways: readonly Way[];
  /** Id of the way that was taken last. */
  last: unknown;
  /** Who is signed in; null for a guest. */
  reader: { name: string; way: string } | null;
  /** Who is connected to. */
  attempt: { way: Way; digits?: string; asked?: boolean; linked?: boolean } | null;
  /** Whether only those who are signed in may write. */
  login: boolean;
  /** What went wrong, and how often one tried to go on without being signed in. */
  note: "" | "failed" | "ended";
  nudges: number;
  /** Empty until they have come. */
  glyphs: Glyphs;
  /** What whoever is signed in can do about it. */
  account: ComponentChildren;
  on: { begin: (way: Way) => void; cancel: () => void };
}

/** The strip above the fields: who may be signed in with, who is connected to, who one is. Its sentence is announced as it changes. */
export function Ways({ say, ways, last, reader, attempt, login, note, nudges, glyphs, account, on }: WaysProps): VNode {
  const buttons = () => {
    if (attempt)
      return (
        <button type="button" onClick={on.cancel}>
          {say("cancel")}
        </button>
      );
    if (reader) return account;
    return (
      <ul>
        {ways.map((way) => (
          <li key={way.id}>
            <button type="button" value={way.id} onClick={() => on.begin(way)}>
              {iconOf(way, glyphs)}
              {way.label}
              {way.id === last && <small class="quietly"> {say("last")}</small>}
            </button>
          </li>
        ))}
      </ul>
    );
  };
  const sentence = () => {
    if (attempt)
      return (
        say("connecting", { way: attempt.way.label }) +
        (attempt.asked && !attempt.linked ? ` ${say("digits", { digits: attempt.digits! })}` : "")
      );
    if (reader)
      return (
        <>
          <strong>
            <bdi>{reader.name || reader.way}</bdi>
          </strong>
          : {say("signedIn", { way: reader.way })}
        </>
      );
    // The key makes it another element each time, so that the same words are said again.
    return (
      <span key={nudges} class={nudges ? "wrong" : ""}>
        {note && `${say(note)} `}
        {say(login ? "required" : "strip")}
      </span>
    );
  };
  return (
    <div class="ways" part="ways">
      <p role="status">{sentence()}</p>
      {buttons()}
    </div>
  );
}

/** A drawing of ours, the one that the server's configuration gives, or the first letter. The button's text says it all. */
function iconOf({ id, label, icon = "" }: Way, glyphs: Glyphs): VNode {
  const path = icon.length > 20 ? icon : glyphs[icon || id];
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      {path ? (
        <path d={path} />
      ) : (
        <text x="12" y="19">
          {[...label][0]}
        </text>
      )}
    </svg>
  );
}
