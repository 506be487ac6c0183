import type { Refused } from "./api.ts";
import { type Attempt, buttonOf, FIRST } from "./connect.ts";
import type { Requests } from "./requests.ts";
import { type Fields, fieldsOf } from "./shapes.ts";

export interface Watching {
  /** Of the server, from which alone messages are believed. */
  origin: string;
  send: Requests["send"];
  done: (one: Attempt, answer: Fields) => void;
  end: (one: Attempt, note: "failed") => void;
  /** Has it drawn, and says where the focus belongs if what has it goes. */
  tell: (focus: string) => void;
  /** Whether it is still under way. */
  isOn: () => boolean;
}

/** Looks at the window so often; at every third the server is asked as well. */
const LOOK_MS = 500;
const ASK_EACH = 3;
/** So many looks after it went, a window is taken for closed. One that a provider cut off from us looks the same. */
const CLOSED = 4;
/** Nothing will come of it. Anything else passes. */
const OVER: ReadonlySet<unknown> = new Set(["not_found", "forbidden"]);

/** Follows a sign-in to its end, by messages from its window and by asking the server. */
export function watchWindow(one: Attempt, { origin, send, done, end, tell, isOn }: Watching): void {
  let looks = 0;
  let closed = 0;
  let asking = false;
  const ask = async (): Promise<void> => {
    const { request, verifier, code } = one;
    const answer = await send("POST", "auth/finish", { request, verifier, code });
    if (!isOn()) return;
    const { step } = answer;
    one.asked = step === "asked";
    if (step === "failed") end(one, step);
    if (step === "done") done(one, answer);
  };
  /** Told only of what shows: no more than guests see, once the window is closed. */
  const turn = () => {
    one.away = closed >= CLOSED && (one.linked || !one.asked);
    if (isOn()) tell(one.away ? buttonOf(one.way.id) : FIRST);
  };
  // One question at a time: the token is given once, and an answer that overtakes it would say that it is gone.
  const look = async () => {
    if (asking || !isOn()) return;
    asking = true;
    const { asked } = one;
    await ask().catch(({ code }: Refused) => {
      if (OVER.has(code)) end(one, "failed");
    });
    asking = false;
    if (asked !== one.asked) turn();
  };
  const hear = ({ source, origin: by, data }: MessageEvent) => {
    const { request, youFigure } = fieldsOf(data);
    if (source !== one.child || by !== origin || request !== one.request) return;
    one.linked = true;
    if (youFigure === "known") one.child?.postMessage({ request, digits: one.digits }, origin);
    else void look();
  };
  const timer = setInterval(() => {
    if (!isOn()) {
      clearInterval(timer);
      removeEventListener("message", hear);
      return removeEventListener("focus", look);
    }
    // Whoever closes a window looks at the page again; one that was cut off looks closed, too, but lies before it.
    if (one.child?.closed && Document.prototype.hasFocus.call(document) && ++closed === CLOSED) turn();
    if (++looks % ASK_EACH === 0) void look();
  }, LOOK_MS);
  addEventListener("message", hear);
  // Back from a window that lay over the page, whose timers slept meanwhile.
  addEventListener("focus", look);
}
