/** How figures are written, in tables and plots alike. */
export const percent = (share: number): string => `${Math.round(share * 100)} %`;
export const whole = (n: number): string => Math.round(n).toLocaleString("en");
export const ms = (n: number): string => n.toFixed(n < 10 ? 2 : 0);
export const mb = (bytes: number): string => (bytes / 1e6).toFixed(0);
export const times = (n: number): string => `${n.toFixed(n < 10 ? 2 : 1)} times`;
/** Three digits at most where that tells enough. */
export const short = (n: number): string => (n >= 100 ? whole(n) : n >= 10 ? n.toFixed(1) : n.toFixed(2));

export type Cells = (string | number)[];

export function table(head: string[], rows: Cells[]): string {
  const line = (cells: Cells) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}
