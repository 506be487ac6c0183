import { describe } from "vitest";
import { changesContract } from "./changes-contract.ts";
import { commentsContract } from "./comments-contract.ts";
import { ENGINES } from "./engines.ts";
import { keepingContract } from "./keeping-contract.ts";
import { mailContract } from "./mail-contract.ts";
import { moderationContract } from "./moderation-contract.ts";
import { ownThingsContract } from "./own-things-contract.ts";
import { readersContract } from "./readers-contract.ts";
import { waysContract } from "./ways-contract.ts";

describe.each(ENGINES)("$name", (engine) => {
  commentsContract(engine);
  changesContract(engine);
  moderationContract(engine);
  keepingContract(engine);
  mailContract(engine);
  readersContract(engine);
  waysContract(engine);
  ownThingsContract(engine);
});
