/**
 * Keeps `--you-link` on the host at the colour of the page's links, which no style sheet can reach from inside.
 * Measured at a link that is never painted.
 */
export function measureLinkColour(host: HTMLElement): void {
  const link = Document.prototype.createElement.call(document, "a") as HTMLAnchorElement;
  link.href = location.href;
  link.hidden = true;
  host.after(link);
  const { color } = getComputedStyle(link);
  link.remove();
  if (color) host.style.setProperty("--you-link", color);
}
