import type { GenericSchema } from "valibot";

/** One line of the API: what the OpenAPI description is made of. A test holds that every route has one. */
export interface Endpoint {
  method: "get" | "post" | "patch" | "put" | "delete";
  /** With {parameter}s as OpenAPI writes them. */
  path: string;
  summary: string;
  query?: GenericSchema;
  headers?: Record<string, string>;
  body?: GenericSchema;
  /** Who may: nobody in particular, the bearer of an edit token, the owner in the panel, or the operator's monitor. */
  auth?: "author" | "owner" | "monitor";
  /** Content type of the answer, JSON where absent. */
  type?: string;
  answers: Record<number, { description: string; schema?: GenericSchema }>;
}
