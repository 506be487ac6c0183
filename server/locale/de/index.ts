/** The parts that the server's own pages speak with. The browser takes each part by itself. */
export { ask } from "./ask.ts";
export { box } from "./box.ts";
export { mail } from "./mail.ts";
export { page } from "./page.ts";
export { thread } from "./thread.ts";
export { popup } from "./popup.ts";
export { ways } from "./ways.ts";
export { yours } from "./yours.ts";
