import { real } from "./real-document.ts";

/** Calls back when the page or the system changes its theme. Returns its own stop. */
export function followTheme(changed: () => void): () => void {
  const themes = matchMedia("(prefers-color-scheme: dark)");
  const attributes = new MutationObserver(changed);
  attributes.observe(real("documentElement"), { attributes: true, attributeFilter: ["class", "style", "data-theme"] });
  themes.addEventListener("change", changed);
  return () => {
    attributes.disconnect();
    themes.removeEventListener("change", changed);
  };
}
