import { describe } from "vitest";
import { contract } from "./contract.ts";
import { ENGINES } from "./engines.ts";

for (const engine of ENGINES) describe(engine.name, () => contract(engine));
