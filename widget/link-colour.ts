import { real } from "./options.ts";

/**
 * Keeps `--you-link` on the host at the colour of the page's links, which no style sheet can reach from inside:
 * measured at a link that is never painted, again when the page or the system changes its theme. Returns its own stop.
 */
export function followLinkColour(host: HTMLElement): () => void {
  const html = real("documentElement");
  const measure = () => {
    const link = real("createElement")("a");
    link.href = location.href;
    link.hidden = true;
    host.after(link);
    const { color } = getComputedStyle(link);
    link.remove();
    if (color) host.style.setProperty("--you-link", color);
  };
  const themes = matchMedia("(prefers-color-scheme: dark)");
  const attributes = new MutationObserver(measure);
  attributes.observe(html, { attributes: true, attributeFilter: ["class", "style", "data-theme"] });
  themes.addEventListener("change", measure);
  measure();
  return () => {
    attributes.disconnect();
    themes.removeEventListener("change", measure);
  };
}
