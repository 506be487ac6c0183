/** Bars in groups as SVG: the same figures give the same bytes, and the text can be read on white and on black. */
import { short } from "./write-figures.ts";

export interface Bars {
  title: string;
  /** What the lengths mean, and what a reader should wish for. */
  unit: string;
  /** When and where it was measured. */
  note: string;
  groups: { label: string; bars: { name: string; value: number; own?: boolean }[] }[];
}

const WIDTH = 760;
const LEFT = 240;
const ROOM = WIDTH - LEFT - 90;
const ROW = 18;
const GAP = 26;

export function barsOf({ title, unit, note, groups }: Bars): string {
  const longest = Math.max(...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const lines: string[] = [];
  let y = 62;
  for (const { label, bars } of groups) {
    lines.push(`<text class="group" x="12" y="${y}">${escaped(label)}</text>`);
    y += 8;
    for (const { name, value, own } of bars) {
      const length = ((value / longest) * ROOM).toFixed(1);
      lines.push(
        `<text x="${LEFT - 8}" y="${y + 13}" text-anchor="end">${escaped(name)}</text>`,
        `<rect class="${own ? "own" : "other"}" x="${LEFT}" y="${y + 3}" width="${length}" height="${ROW - 5}"/>`,
        `<text x="${(LEFT + Number(length) + 6).toFixed(1)}" y="${y + 13}">${short(value)}</text>`,
      );
      y += ROW;
    }
    y += GAP;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 6}" width="${WIDTH}" role="img" aria-label="${escaped(title)}">
<style>text{font:12px system-ui,sans-serif;fill:#1f2328}.title{font-size:15px;font-weight:600}.group{font-weight:600}.note{fill:#59636e}.own{fill:#0b6bcb}.other{fill:#9aa4af}@media(prefers-color-scheme:dark){text{fill:#e6edf3}.note{fill:#9198a1}.own{fill:#4c9df0}.other{fill:#656d76}}</style>
<text class="title" x="12" y="20">${escaped(title)}</text>
<text class="note" x="12" y="38">${escaped(unit)}</text>
${lines.join("\n")}
<text class="note" x="12" y="${y - 6}">${escaped(note)}</text>
</svg>
`;
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
