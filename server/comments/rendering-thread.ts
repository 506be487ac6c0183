/** The thread behind rendering.ts: draws one text after the other. */
import { parentPort } from "node:worker_threads";
import { renderMarkdown, type RenderOptions } from "./markdown.ts";

const port = parentPort!;
port.on("message", ([source, options]: [string, RenderOptions]) => port.postMessage(renderMarkdown(source, options)));
// What drawing needs is loaded before the first text, whose deadline would pay for it.
renderMarkdown("```js\n1\n```", { images: false });
port.postMessage("ready");
