import type { Page } from "./page.js";
import type { routes } from "./routes.gen.js";
import type { operations } from "./schema.gen.js";

/** The name of an operation: its `operationId` in the OpenAPI document. */
export type OperationName = keyof typeof routes;

/**
 * A resource with its version. An update that passes the `etag` as `ifMatch` fails with `stale` (412) if the resource
 * has changed since.
 */
export type Versioned<Resource> = Resource & { readonly etag: string | null };

/** All operations as functions. The argument is one object with the path and query parameters and the `body`. */
export type Operations = {
  readonly [Name in OperationName]: (
    ...input: OptionalIfEmpty<Input<operations[Name]>>
  ) => Promise<Result<operations[Name]>>;
};

/** The input of an operation. */
export type InputOf<Name extends OperationName> = Input<operations[Name]>;

/** The result of an operation: a `Page`, a `Versioned` resource, a plain body, or `undefined` if there is none. */
export type ResultOf<Name extends OperationName> = Result<operations[Name]>;

type OptionalIfEmpty<T> = Record<never, never> extends T ? [input?: T] : [input: T];

type Input<O> = Flatten<PathOf<O> & QueryOf<O> & BodyOf<O> & HeadersOf<O> & { signal?: AbortSignal | undefined }>;

type Flatten<T> = { [Key in keyof T]: T[Key] };

type PathOf<O> = O extends { parameters: { path: infer Path } } ? Path : unknown;

type QueryOf<O> = O extends { parameters: { query?: infer Query } }
  ? [NonNullable<Query>] extends [never]
    ? unknown
    : { [Key in keyof NonNullable<Query>]: NonNullable<Query>[Key] | undefined }
  : unknown;

type BodyOf<O> = O extends { requestBody: Json<infer Body> }
  ? { body: Body }
  : O extends { requestBody?: never }
    ? unknown
    : O extends { requestBody?: Json<infer Body> }
      ? { body?: Body | undefined }
      : unknown;

type Json<Body> = { content: { "application/json": Body } };

type HeadersOf<O> = O extends { parameters: { header?: infer Header } }
  ? [NonNullable<Header>] extends [never]
    ? unknown
    : ("If-Match" extends keyof NonNullable<Header> ? { ifMatch?: string | null | undefined } : unknown) &
        ("Idempotency-Key" extends keyof NonNullable<Header> ? { idempotencyKey?: string | undefined } : unknown)
  : unknown;

type Result<O> = O extends { responses: infer Responses } ? Success<Responses, O> : never;

type Success<Responses, O> = Responses extends { 200: infer Response }
  ? Content<Response, O>
  : Responses extends { 201: infer Response }
    ? Content<Response, O>
    : undefined;

type Content<Response, O> = Response extends { content: { "application/json": infer Body } }
  ? "cursor" extends keyof QueryOf<O>
    ? Body extends (infer Item)[]
      ? Page<Item>
      : never
    : HasETag<Response> extends true
      ? Versioned<Body>
      : Body
  : undefined;

/** `true` if a response has the header `ETag`. The types of all headers also have an index signature. */
type HasETag<Response> = Response extends { headers: infer Headers }
  ? "ETag" extends keyof { [Name in keyof Headers as string extends Name ? never : Name]: unknown }
    ? true
    : false
  : false;
