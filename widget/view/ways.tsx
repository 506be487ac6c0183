import type { VNode } from "preact";
import type { signIn as english } from "#locale/en/sign-in";
import type { Way } from "#wire/sign-in";
import type { Say } from "./reading.ts";

export interface WaysProps {
  say: Say<typeof english>;
  ways: readonly Way[];
  /** Of whom is signed in; null for a guest. */
  name: string | null;
  /** Label of the account in use, or of the one that is connected to. */
  way: string;
  connecting: { digits: string } | null;
  failed: boolean;
  on: { begin: (way: Way) => void; cancel: () => void; logOut: () => void; change: () => void };
}

/** The strip above the fields: who may be signed in with, who is connected to, who one is. Its sentence is announced as it changes. */
export function Ways({ say, ways, name, way, connecting, failed, on }: WaysProps): VNode {
  const button = (text: string, go: () => void) => (
    <button type="button" onClick={go}>
      {text}
    </button>
  );
  return (
    <div class="ways" part="ways">
      <p role="status">
        {connecting ? (
          say("connecting", { way })
        ) : name !== null ? (
          <>
            <strong>
              <bdi>{name}</bdi>:
            </strong>{" "}
            {say("signedIn", { way })}
          </>
        ) : (
          <>
            {failed && `${say("failed")} `}
            {say("strip")}
          </>
        )}
      </p>
      {connecting ? (
        <>
          {connecting.digits && <p class="hint">{say("digits", { digits: connecting.digits })}</p>}
          {button(say("cancel"), on.cancel)}
        </>
      ) : name !== null ? (
        <p class="account">
          ( {button(say("logOut"), on.logOut)} / {button(say("change"), on.change)} )
        </p>
      ) : (
        <ul>
          {ways.map((one) => (
            <li key={one.id}>{button(one.label, () => on.begin(one))}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
