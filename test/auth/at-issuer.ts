/** Signs in on the issuer's own pages as a browser does, with its cookies, and says yes; the address of ours to which it leads back. */
export async function signInAtIssuer(address: string, name: string): Promise<string> {
  const cookies = new Map<string, string>();
  const fetchWithCookies = async (url: string, form?: string) => {
    const answer = await fetch(url, {
      redirect: "manual",
      headers: { cookie: [...cookies].map((pair) => pair.join("=")).join("; "), ...(form && FORM) },
      ...(form && { method: "POST", body: form }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, key = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(key, value);
    }
    return answer;
  };
  const { origin } = new URL(address);
  let answer = await fetchWithCookies(address);
  for (let steps = 0; steps < 12; steps++) {
    const next = answer.headers.get("location");
    if (next !== null) {
      const url = new URL(next, origin);
      if (url.origin !== origin) return url.pathname + url.search;
      answer = await fetchWithCookies(url.href);
      continue;
    }
    const page = await answer.text();
    const action = /<form[^>]* action="([^"]+)"/.exec(page)?.[1];
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
    if (action === undefined || prompt === undefined) throw new Error(`the issuer says ${answer.status}: ${page.slice(0, 300)}`);
    const form = new URLSearchParams({ prompt, ...(prompt === "login" && { login: name, password: "whatever" }) });
    answer = await fetchWithCookies(new URL(action, origin).href, form.toString());
  }
  throw new Error("the issuer leads in a circle");
}

const FORM = { "content-type": "application/x-www-form-urlencoded" };
