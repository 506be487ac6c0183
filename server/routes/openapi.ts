import { type ConversionConfig, toJsonSchema, toJsonSchemaDefs } from "@valibot/to-json-schema";
import { Hono } from "hono";
import { getTitle, type GenericSchema } from "valibot";
import { Comment, PageInfo } from "../wire/comment.ts";
import { RefusalWire } from "../wire/refusal.ts";
import { PublicSettings } from "../wire/settings.ts";
import { commentEndpoints } from "./comments.ts";
import { doubtEndpoints } from "./doubt.ts";
import type { Endpoint } from "./endpoint.ts";
import { etagOf, matches } from "./headers.ts";
import { metricsEndpoint } from "./metrics.ts";
import { letterEndpoints } from "./letters.ts";
import { liveEndpoints } from "./live.ts";
import { ownApiEndpoints } from "./own-api.ts";
import { ownEndpoints } from "./own.ts";
import { panelEndpoints } from "./panel.ts";
import type { Env } from "./request.ts";
import { signInEndpoints } from "./sign-in.ts";
import { askEndpoints } from "./ask.ts";
import { emailSignInEndpoints } from "./sign-in-by-email.ts";
import { passkeySignInEndpoints } from "./sign-in-by-passkey.ts";
import { siteUserEndpoints } from "./sign-in-site-user.ts";
import { threadEndpoints } from "./thread.ts";
import { threadPageEndpoints } from "./thread-page.ts";

const plain: Endpoint[] = [
  { method: "get", path: "/healthz", summary: "The process lives.", answers: { 200: { description: "It does." } } },
  {
    method: "get",
    path: "/readyz",
    summary: "The store can be read and written.",
    answers: { 200: { description: "It can. `mail` is `on`, `off` or `down`." } },
  },
  metricsEndpoint,
  { method: "get", path: "/api/openapi.json", summary: "This description.", answers: { 200: { description: "OpenAPI 3.1." } } },
  {
    method: "get",
    path: "/avatar/{file}",
    summary: "A person's picture, KEY.svg: generated, or a copy as PNG, JPEG, WebP or GIF.",
    type: "image/*",
    answers: { 200: { description: "It never changes." } },
  },
  {
    method: "get",
    path: "/embed.js",
    summary: "The widget.",
    type: "text/javascript",
    answers: { 200: { description: "A classic script." } },
  },
  {
    method: "get",
    path: "/count.js",
    summary: "Counts for listing pages.",
    type: "text/javascript",
    answers: { 200: { description: "A classic script." } },
  },
  {
    method: "get",
    path: "/assets/app.js",
    summary: "The widget's first part under an address that stays, for pages that preload it.",
    type: "text/javascript",
    answers: { 200: { description: "A module." } },
  },
  {
    method: "get",
    path: "/assets/{file}",
    summary: "A built file under its hash.",
    type: "*/*",
    answers: { 200: { description: "It never changes." } },
  },
  { method: "get", path: "/panel", summary: "The moderation panel.", type: "text/html", answers: { 200: { description: "A page." } } },
];

export const ENDPOINTS: readonly Endpoint[] = [
  ...threadEndpoints,
  ...liveEndpoints,
  ...commentEndpoints,
  ...signInEndpoints,
  ...askEndpoints,
  ...emailSignInEndpoints,
  ...passkeySignInEndpoints,
  ...siteUserEndpoints,
  ...ownApiEndpoints,
  ...ownEndpoints,
  ...threadPageEndpoints,
  ...letterEndpoints,
  ...doubtEndpoints,
  ...plain,
  ...panelEndpoints,
];

/** OpenAPI 3.1 made from the schemas that validate; those with a title stand once, under components. */
export function openApiRoutes(): Hono<Env> {
  const app = new Hono<Env>();
  let text: string | null = null;
  app.get("/api/openapi.json", (c) => {
    text ??= JSON.stringify(describeApi(ENDPOINTS));
    const etag = etagOf(text);
    if (matches(c.req.header("if-none-match"), etag)) return c.body(null, 304, { etag });
    return c.body(text, 200, { "content-type": "application/json; charset=utf-8", "cache-control": "no-cache", etag });
  });
  return app;
}

type Named = Record<string, GenericSchema>;

export function describeApi(endpoints: readonly Endpoint[]): object {
  const named: Named = {};
  for (const schema of [Comment, PageInfo, PublicSettings, RefusalWire, ...endpoints.flatMap(schemasOf)]) {
    const title = getTitle(schema as GenericSchema);
    if (title !== undefined) named[title] = schema as GenericSchema;
  }
  const refusal = { description: "A refusal.", ...json(named, RefusalWire) };
  const paths: Record<string, Record<string, object>> = {};
  for (const endpoint of endpoints) (paths[endpoint.path] ??= {})[endpoint.method] = describe(endpoint, named, refusal);
  return {
    openapi: "3.1.0",
    info: {
      title: "Youfigure",
      version: "1",
      description: "Comments for any page. Times are RFC 3339, ids UUIDv7 (RFC 9562), lengths code points.",
    },
    paths,
    components: {
      schemas: toJsonSchemaDefs(named, CONVERSION),
      securitySchemes: {
        author: { type: "http", scheme: "bearer", description: "The editToken of one's own comment." },
        monitor: { type: "http", scheme: "bearer", description: "METRICS_TOKEN." },
        owner: { type: "apiKey", in: "cookie", name: "__Host-youfigure", description: "Same origin only, with the header X-Youfigure: 1." },
      },
    },
  };
}

const CONVERSION: Omit<ConversionConfig, "definitions"> = {
  target: "draft-2020-12",
  typeMode: "input",
  errorMode: "ignore",
  overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
};

const schemasOf = ({ body, answers }: Endpoint): GenericSchema[] =>
  [body, ...Object.values(answers).map(({ schema }) => schema)].filter((schema) => schema !== undefined);

function describe(endpoint: Endpoint, named: Named, refusal: object): object {
  const answers: [string, object][] = Object.entries(endpoint.answers).map(([status, { description, schema }]) => [
    status,
    { description, ...(schema ? json(named, schema, endpoint.type) : endpoint.type ? { content: { [endpoint.type]: {} } } : {}) },
  ]);
  return {
    summary: endpoint.summary,
    parameters: [...pathParameters(endpoint.path), ...queryParameters(endpoint.query), ...headerParameters(endpoint.headers)],
    ...(endpoint.body && { requestBody: { required: true, ...json(named, endpoint.body) } }),
    ...(endpoint.auth && { security: [{ [endpoint.auth]: [] }] }),
    responses: Object.fromEntries([...answers, ["default", refusal]]),
  };
}

/** A titled schema stands once under components and is referred to. */
function json(named: Named, schema: GenericSchema, type = "application/json"): object {
  const title = getTitle(schema);
  const { $schema: _, $defs: __, ...converted } = toJsonSchema(schema, { ...CONVERSION, definitions: named }) as Record<string, unknown>;
  return { content: { [type]: { schema: title === undefined ? converted : { $ref: `#/components/schemas/${title}` } } } };
}

const pathParameters = (path: string) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: "path", required: true, schema: { type: "string" } }));

function queryParameters(query: GenericSchema | undefined): object[] {
  if (!query) return [];
  const { properties = {}, required = [] } = toJsonSchema(query, CONVERSION) as {
    properties?: Record<string, object>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: "query", required: required.includes(name), schema }));
}

const headerParameters = (headers: Record<string, string> = {}) =>
  Object.entries(headers).map(([name, description]) => ({ name, in: "header", required: false, description, schema: { type: "string" } }));
