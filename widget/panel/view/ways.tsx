import { useEffect, useState } from "preact/hooks";
import type { VNode } from "preact";
import type { SiteWire } from "#wire/panel-sites";
import type { KindLine, WayLine, WayList } from "#wire/panel-ways";
import { ask, type PanelRefusal, refusalOf } from "../api.ts";
import { noteSignedOut } from "../state/session.ts";
import { t } from "../state/words.ts";
import { Field } from "./field.tsx";
import { AboutKind, Way } from "./way.tsx";
import { Why } from "./why.tsx";

/** Sends it to the server: what it says no to, or null. */
export type Send = (method: "POST" | "PATCH" | "PUT" | "DELETE", path: string, body?: object) => Promise<PanelRefusal | null>;

/** Where the readers of a site may sign in: the server's ways, the site's own, and how to add one. */
export function WaysOf({ site }: { site: SiteWire }): VNode | null {
  const [list, setList] = useState<WayList | null>(null);
  const [refusal, setRefusal] = useState<PanelRefusal | null>(null);
  const take = async (answer: Promise<WayList>) => {
    try {
      setList(await answer);
      return null;
    } catch (error) {
      const refused = refusalOf(error);
      noteSignedOut(refused);
      return refused;
    }
  };
  const base = `/sites/${site.id}/ways`;
  const send: Send = (method, path, body = {}) => take(ask<WayList>(method, `${base}${path}`, body));
  useEffect(() => void take(ask<WayList>("GET", base)).then(setRefusal), []);
  if (!list) return <Why refusal={refusal} />;
  const { ways, kinds } = list;
  const move = async (from: number, to: number) => setRefusal(await send("PUT", "/order", { ids: moved(ways, from, to) }));
  return (
    <section class="ways">
      <h2 class="hidden">{t("siteWays")}</h2>
      <p class="note">{t(ways.length === 0 ? "waysNone" : "waysNote")}</p>
      <ul class="pages">
        {ways.map((way, i) => (
          <Way
            key={way.id}
            way={way}
            kind={kinds.find(({ id }) => id === way.kind)}
            base={base}
            send={send}
            earlier={i > 0 ? () => void move(i, i - 1) : null}
            later={i + 1 < ways.length ? () => void move(i, i + 1) : null}
          />
        ))}
      </ul>
      <Why refusal={refusal} />
      <AddWay kinds={kinds.filter(({ needs }) => needs.length > 0)} send={send} />
    </section>
  );
}

function moved(ways: readonly WayLine[], from: number, to: number): string[] {
  const ids = ways.map(({ id }) => id);
  ids.splice(to, 0, ...ids.splice(from, 1));
  return ids;
}

function AddWay({ kinds, send }: { kinds: readonly KindLine[]; send: Send }): VNode {
  const [chosen, setChosen] = useState(kinds[0]?.id ?? "");
  const [refusal, setRefusal] = useState<PanelRefusal | null>(null);
  const kind = kinds.find(({ id }) => id === chosen);
  const submit = async (event: Event) => {
    event.preventDefault();
    setRefusal(await send("POST", "", { kind: chosen }));
  };
  return (
    <form class="form" noValidate onSubmit={(event) => void submit(event)}>
      <h2>{t("wayAdd")}</h2>
      <Field label={t("wayKind")} wrong={refusal?.fields["kind"]}>
        {(described) => (
          <select {...described} value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
            {kinds.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      {kind && <AboutKind kind={kind} />}
      <Why refusal={refusal} />
      <p class="buttons">
        <button type="submit" class="main">
          {t("wayAdd")}
        </button>
      </p>
    </form>
  );
}
