// A style sheet has no value to take.
// oxlint-disable-next-line import/no-unassigned-import
import "./panel.css";
import { render } from "preact";
import { hasUnsent } from "./state/editor.ts";
import { loadSession } from "./state/session.ts";
import { takeLink } from "./state/route.ts";
import { chooseFirstLanguage } from "./state/words.ts";
import { listenForKeys } from "./state/keys.ts";
import { App } from "./view/app.tsx";

takeLink();
await Promise.all([chooseFirstLanguage(), loadSession()]);
render(<App />, document.getElementById("panel") as HTMLElement);
listenForKeys();
addEventListener("beforeunload", (event) => {
  if (hasUnsent()) event.preventDefault();
});
