import type { FieldCode, FieldProblem, Problem, ProofMethod } from "./schema.gen.js";

/** The machine-readable code of an error; `unknown` if the response is not a problem document of the server. */
export type ProblemCode = Problem["code"] | "unknown";

/** A validation error of one form field. */
export interface FieldError {
  readonly code: FieldCode;
  readonly message: string;
}

/** An error response of the server (RFC 9457). The message is a sentence to show to the user. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  /** The HTTP status. */
  readonly status: number;
  readonly code: ProblemCode;
  /** The id of the request in the server's log and audit log. */
  readonly requestId: string | null;
  /** The validation errors, each with the field that it is about. */
  readonly errors: readonly FieldProblem[];
  /** The reason in more detail, such as `already_verified` with the code `invalid_token`. */
  readonly reason: string | null;
  /** The missing permission, such as `users:read`, with the code `forbidden`. */
  readonly permission: string | null;
  /** The number of seconds to wait before a retry, with 429 and 503. */
  readonly retryAfter: number | null;
  /** The challenge to pass to `completeSignIn`, with the code `second_factor_required` of a sign-in. */
  readonly challenge: string | null;
  /** The methods that the user can choose from, with the codes `second_factor_required` and `step_up_required`. */
  readonly methods: readonly ProofMethod[];
  /** The lifetime of the challenge, in seconds. */
  readonly expires_in: number | null;
  /** How long a proof of identity suffices, in seconds, with the code `step_up_required`. */
  readonly max_age: number | null;

  constructor(response: Response, problem: Partial<Problem>) {
    super(problem.detail ?? `The server responded with status ${response.status}.`);
    this.status = response.status;
    this.code = problem.code ?? "unknown";
    this.requestId = problem.request_id ?? response.headers.get("X-Request-Id");
    this.errors = problem.errors ?? [];
    this.reason = problem.reason ?? null;
    this.permission = problem.permission ?? null;
    this.retryAfter = parseSeconds(response.headers.get("Retry-After"));
    this.challenge = problem.challenge ?? null;
    this.methods = problem.methods ?? [];
    this.expires_in = problem.expires_in ?? null;
    this.max_age = problem.max_age ?? null;
  }
}

/** A network failure. The server may or may not have processed the request. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";

  constructor(cause: unknown) {
    super("The server could not be reached.", { cause });
  }
}

/** Returns whether an error is a `ProblemError`, and if codes are passed, whether it has one of them. */
export function isProblem(error: unknown, ...codes: ProblemCode[]): error is ProblemError {
  return error instanceof ProblemError && (codes.length === 0 || codes.includes(error.code));
}

/** The error of a sign-in with a correct password that a second factor has to complete. */
export type SecondFactorRequired = ProblemError & { readonly challenge: string };

/** Returns whether a sign-in was rejected only because a second factor has to complete it. */
export function isSecondFactorRequired(error: unknown): error is SecondFactorRequired {
  return isProblem(error, "second_factor_required") && error.challenge !== null;
}

/** Returns the first validation error of each field, keyed by field name, such as `email` or `roles.0`. */
export function fieldErrors(error: unknown): Record<string, FieldError> {
  const errors: Record<string, FieldError> = {};
  for (const problem of isProblem(error) ? error.errors : []) {
    errors[fieldName(problem)] ??= { code: problem.code, message: problem.detail };
  }
  return errors;
}

/** Converts a JSON pointer to a dotted field name. A problem with a query parameter has the name of the parameter. */
function fieldName(problem: FieldProblem): string {
  const { pointer, parameter = "" } = problem;
  if (pointer === undefined) return parameter;
  const segments = pointer.split("/").slice(1);
  return segments.map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~")).join(".");
}

/** Builds the error for a response other than 2xx from its parsed body. */
export function problemFrom(response: Response, body: unknown): ProblemError {
  return new ProblemError(response, isProblemDocument(body) ? body : {});
}

function isProblemDocument(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}

function parseSeconds(header: string | null): number | null {
  const value = Number(header ?? Number.NaN);
  return Number.isFinite(value) ? value : null;
}
