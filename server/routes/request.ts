import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import * as v from "valibot";
import { addressHasher, addressReader, subscriberOf } from "../comments/address.ts";
import { Refusal } from "../refusal.ts";
import type { Services } from "../services.ts";
import type { FieldCode } from "../wire/refusal.ts";
import { LIMITS } from "../wire/limits.ts";

/** `incoming` is absent where a test calls the app without a socket. */
export interface Env {
  Bindings: Partial<HttpBindings>;
  Variables: { requestId: string };
}

/** JSON deeper than this is refused before it is looked at. */
const MAX_DEPTH = 20;

/** The body as `schema` has it. Refusals `wrong_type`, `too_large`, `bad_json`, `invalid`; what was sent is never repeated. */
export async function readJson<Schema extends v.GenericSchema>(
  c: Context,
  schema: Schema,
  limit: number = LIMITS.requestBytes,
): Promise<v.InferOutput<Schema>> {
  if (!/^application\/json\s*(?:;|$)/i.test(c.req.header("content-type") ?? "")) throw new Refusal("wrong_type");
  return check(schema, parseJson(await readText(c, limit)));
}

/** The fields of a form of ours, each given once. */
export async function readForm(c: Context): Promise<Record<string, string>> {
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(c.req.header("content-type") ?? "")) throw new Refusal("wrong_type");
  const form = new URLSearchParams(await readText(c, LIMITS.requestBytes));
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of form) {
    if (name in fields) throw new Refusal("invalid");
    fields[name] = value;
  }
  return fields;
}

/** Counts bytes as they come: Content-Length is not believed. */
export async function readText(c: Context, limit: number): Promise<string> {
  if (c.req.header("content-encoding")) throw new Refusal("wrong_type");
  if (Number(c.req.header("content-length") ?? 0) > limit) throw new Refusal("too_large");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await readBytes(c, limit));
  } catch (error) {
    if (error instanceof TypeError) throw new Refusal("bad_json");
    throw error;
  }
}

async function readBytes(c: Context, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of (c.req.raw.body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > limit) throw new Refusal("too_large");
      chunks.push(chunk);
    }
  } catch (error) {
    // Whoever sent it is gone: that is no bug of ours, and nobody hears the answer.
    if ((error as NodeJS.ErrnoException).code === "ECONNRESET") throw new Refusal("bad_request");
    throw error;
  }
  return Buffer.concat(chunks);
}

function parseJson(text: string): unknown {
  if (nesting(text) > MAX_DEPTH) throw new Refusal("bad_json");
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refusal("bad_json");
    throw error;
  }
}

/** Depth of brackets outside strings. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === "\\") i++;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === "[" || c === "{") deepest = Math.max(deepest, ++depth);
    else if (c === "]" || c === "}") depth--;
  }
  return deepest;
}

/** Refusal `invalid` with a code for each field that does not fit. */
export function check<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const fields: Record<string, FieldCode> = {};
  for (const issue of result.issues) {
    const key = issue.path?.[0]?.key;
    if (typeof key === "string" && issue.expected !== "never") fields[key] = issue.received === "undefined" ? "required" : "invalid";
  }
  throw new Refusal("invalid", Object.keys(fields).length > 0 ? { fields } : {});
}

/** Query parameters, each given once. A repeated or array-like one is refused rather than guessed at. */
export function readQuery<Schema extends v.GenericSchema>(c: Context, schema: Schema): v.InferOutput<Schema> {
  const all = c.req.queries();
  const once: Record<string, string> = {};
  for (const [name, values] of Object.entries(all)) {
    if (values.length > 1) throw new Refusal("invalid");
    once[name] = values[0] as string;
  }
  return check(schema, once);
}

export const originOf = (c: Context): string | null => c.req.header("origin") ?? null;

/** RFC 6750 2.1. */
export function bearerOf(c: Context): string | null {
  return /^Bearer ([\w.~+/-]{1,500}=*)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? null;
}

export interface Addresses {
  /** Who sends, so that an IPv6 /64 is one. Only for limits and hashes: never logged or kept. */
  subscriber(c: Context): string;
  hash(c: Context): Promise<string>;
}

export function addresses(services: Services): Addresses {
  const read = addressReader(services.config.trustedProxies);
  const hash = addressHasher(services);
  const subscriber = (c: Context<Env>) =>
    subscriberOf(read(c.env?.incoming?.socket.remoteAddress ?? "0.0.0.0", c.req.header("x-forwarded-for") ?? null));
  return { subscriber, hash: (c) => hash(subscriber(c)) };
}
