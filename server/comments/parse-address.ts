/**
 * An absolute address as browsers read it (WHATWG URL), or null. Not by URL.canParse: once Node 20 has optimised it, it
 * takes the bytes of a Latin-1 string for UTF-8 and refuses `https://straße.example`.
 */
export function parseAddress(text: string): URL | null {
  try {
    return new URL(text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_INVALID_URL") throw error;
    return null;
  }
}
