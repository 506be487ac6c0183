import { FIRST, type Identity, type Reader } from "./connect.ts";
import type { Requests } from "./requests.ts";
import { fieldsOf } from "./shapes.ts";
import { keep, recall } from "./storage.ts";

/** As which way in it is kept. */
const OWN = "sso";

export interface Meeting {
  root: ShadowRoot;
  page: { url: string };
  requests: Pick<Requests, "send">;
  report: (error: unknown) => void;
}

/**
 * Takes the page's word for who is there, now and whenever it says another: `data-sso` holds what the site signed, "" when
 * it says that nobody is. Each token is good once, so what it brought is kept, and the same page shown again asks nothing.
 */
export function meetSiteUser({ root, page, requests, report }: Meeting, it: Identity): void {
  const said = () => root.host.getAttribute("data-sso");
  const leave = () => {
    keep(OWN, null);
    // Whoever the site no longer speaks for must not be taken for whom it speaks for now.
    if (it.reader?.id === OWN) it.become(null, FIRST);
  };
  const meet = async () => {
    const jwt = said();
    // Of the signature: enough to know it by, and nothing to sign in with.
    const mark = jwt?.slice(-20);
    if (!jwt) return jwt === "" && leave();
    if (mark === recall(OWN)["mark"]) return;
    try {
      const { token, reader } = await requests.send("POST", "auth/sso", { url: page.url, jwt });
      if (said() !== jwt) return;
      keep(OWN, { mark });
      it.become({ ...fieldsOf(reader), token, id: OWN } as Reader, FIRST);
    } catch (error) {
      leave();
      report(error);
    }
  };
  new MutationObserver(() => void meet()).observe(root.host, { attributeFilter: ["data-sso"] });
  void meet();
}
