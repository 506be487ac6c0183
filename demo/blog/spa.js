// A single-page application in a nutshell: it fetches an article, swaps it in and changes the address.
const nav = document.querySelector("nav");
const start = { href: location.href, title: document.title, html: document.querySelector("article").innerHTML };

nav.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  void go(link.href, true);
});
addEventListener("popstate", () => void go(location.href, false));

async function go(href, push) {
  const page = href === start.href ? null : new DOMParser().parseFromString(await (await fetch(href)).text(), "text/html");
  if (push) history.pushState(null, "", href);
  document.title = page?.title ?? start.title;
  document.querySelector("article").innerHTML = page?.querySelector("article").innerHTML ?? start.html;
}
