import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { VNode } from "preact";
import type { SiteWire } from "#wire/panel-sites";
import type { KindLine, WayLine, WayList } from "#wire/panel-ways";
import { ask, type PanelRefusal, refusalOf } from "../api.ts";
import { noteSignedOut } from "../state/session.ts";
import { t } from "../state/words.ts";
import { Field } from "./field.tsx";
import { AboutKind, Way } from "./way.tsx";
import { Submit } from "./submit.tsx";
import { Why } from "./why.tsx";

/** Sends it to the server: what it says no to, or null. */
export type Send = (method: "POST" | "PATCH" | "PUT" | "DELETE", path: string, body?: object) => Promise<PanelRefusal | null>;

/** Where the readers of a site may sign in: the server's ways, the site's own, and how to add one. */
export function WaysOf({ site }: { site: SiteWire }): VNode | null {
  const [list, setList] = useState<WayList | null>(null);
  const [refusal, setRefusal] = useState<PanelRefusal | null>(null);
  const focus = useFocusAfter(list);
  const take = async (answer: Promise<WayList>) => {
    try {
      setList(await answer);
      return null;
    } catch (error) {
      const refused = refusalOf(error);
      noteSignedOut(refused);
      focus.stay();
      return refused;
    }
  };
  const base = `/sites/${site.id}/ways`;
  const send: Send = (method, path, body = {}) => take(ask<WayList>(method, `${base}${path}`, body));
  useEffect(() => void take(ask<WayList>("GET", base)).then(setRefusal), []);
  if (!list) return <Why refusal={refusal} />;
  const { ways, kinds } = list;
  const move = async (from: number, to: number) => {
    focus.on(ways[from]!.id, to < from ? ["earlier", "later"] : ["later", "earlier"]);
    setRefusal(await send("PUT", "/order", { ids: moved(ways, from, to) }));
  };
  return (
    <section class="ways" ref={focus.within} tabIndex={-1} aria-label={t("siteWays")}>
      <p class="note">{t(ways.length === 0 ? "waysNone" : "waysNote")}</p>
      <ul class="pages">
        {ways.map((way, i) => (
          <Way
            key={way.id}
            way={way}
            kind={kinds.find(({ id }) => id === way.kind)}
            base={base}
            send={send}
            remove={() => {
              focus.on(null, []);
              return send("DELETE", `/${way.id}`);
            }}
            earlier={i > 0 ? () => void move(i, i - 1) : null}
            later={i + 1 < ways.length ? () => void move(i, i + 1) : null}
          />
        ))}
      </ul>
      <Why refusal={refusal} />
      <AddWay
        kinds={kinds.filter(({ needs }) => needs.length > 0)}
        add={(kind) => {
          focus.on("", ["name"]);
          return send("POST", "", { kind });
        }}
      />
    </section>
  );
}

function moved(ways: readonly WayLine[], from: number, to: number): string[] {
  const ids = ways.map(({ id }) => id);
  ids.splice(to, 0, ...ids.splice(from, 1));
  return ids;
}

/** Where the keyboard goes on after the list has changed: a part of one way ("" is the last), or with null the list itself. */
function useFocusAfter(list: unknown) {
  const within = useRef<HTMLElement>(null);
  const wanted = useRef<{ id: string | null; parts: string[] } | null>(null);
  useLayoutEffect(() => {
    if (!wanted.current || !within.current) return;
    const { id, parts } = wanted.current;
    wanted.current = null;
    const ways = [...within.current.querySelectorAll<HTMLElement>("[data-way]")];
    const way = id === "" ? ways.at(-1) : ways.find((one) => one.dataset["way"] === id);
    const found = parts.map((part) => way?.querySelector<HTMLElement>(`[data-part=${part}]`)).find(Boolean);
    (found ?? within.current).focus();
  }, [list]);
  return {
    within,
    on: (id: string | null, parts: string[]) => void (wanted.current = { id, parts }),
    stay: () => void (wanted.current = null),
  };
}

function AddWay({ kinds, add }: { kinds: readonly KindLine[]; add: (kind: string) => Promise<PanelRefusal | null> }): VNode {
  const [chosen, setChosen] = useState(kinds[0]?.id ?? "");
  const [refusal, setRefusal] = useState<PanelRefusal | null>(null);
  const kind = kinds.find(({ id }) => id === chosen);
  const submit = async (event: Event) => {
    event.preventDefault();
    setRefusal(await add(chosen));
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
      <Submit refusal={refusal} word="wayAdd" />
    </form>
  );
}
