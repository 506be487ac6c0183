import type { VNode } from "preact";
import { canUsePasskey, loadSession, session, unreached } from "../state/session.ts";
import { link, route } from "../state/route.ts";
import { helpOpen } from "../state/keys.ts";
import { whyOf } from "../state/notice.ts";
import { t } from "../state/words.ts";
import { Confirm } from "./dialog.tsx";
import { Frame } from "./frame.tsx";
import { Help } from "./help.tsx";
import { HistoryDrawer } from "./history.tsx";
import { NoticeBar } from "./notice.tsx";
import { QueueView } from "./queue.tsx";
import { SetUp } from "./set-up.tsx";
import { SignIn } from "./sign-in.tsx";
import { SitesView } from "./sites.tsx";
import { SiteView } from "./site.tsx";
import { You } from "./you.tsx";

/** The whole panel: the door, or what stands behind it. */
export function App(): VNode {
  const known = session.value;
  if (!known) return <Unreached />;
  if (!known.owner) {
    const token = link.value?.purpose === (known.setup ? "setup" : "login") ? link.value.token : null;
    return known.setup ? <SetUp token={token} passkey={canUsePasskey()} /> : <SignIn token={token} passkey={canUsePasskey()} />;
  }
  const where = route.value;
  return (
    <>
      <Frame owner={known.owner}>
        {where.name === "queue" && <QueueView wanted={where.filter} />}
        {where.name === "sites" && <SitesView />}
        {where.name === "site" && <SiteView id={where.site} part={where.part} />}
        {where.name === "you" && <You owner={known.owner} />}
      </Frame>
      <NoticeBar />
      <Confirm />
      <HistoryDrawer />
      {helpOpen.value && <Help />}
    </>
  );
}

function Unreached(): VNode {
  const why = unreached.value;
  return (
    <main class="door">
      <h1>Youfigure</h1>
      <p role="alert">{why ? t("failed", { why: whyOf(why) }) : t("loading")}</p>
      <button type="button" onClick={() => void loadSession()}>
        {t("again")}
      </button>
    </main>
  );
}
