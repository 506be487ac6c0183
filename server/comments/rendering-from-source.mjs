// The thread of rendering.ts where nothing was built: `--import tsx` reads TypeScript on the main thread alone (Node 20).
import { register } from "tsx/esm/api";

register();
await import("./rendering-thread.ts");
