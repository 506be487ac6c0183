/** Adds a style to a shadow root. A constructed sheet is no inline style to a page's CSP. The loader's own stays: it keeps the height. */
export function dress(root: ShadowRoot, css: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
