import type { ProblemCode as DocumentedCode } from "./routes.gen.js";
import type { FieldCode, FieldProblem, Problem } from "./schema.gen.js";

/** Why a call was refused, for programs; `unknown` stands for an answer that is no problem document of the server. */
export type ProblemCode = DocumentedCode | "not_found" | "method_not_allowed" | "unknown";

/** What is wrong with one field of a form. */
export interface FieldError {
  readonly code: FieldCode;
  readonly message: string;
}

/** A refusal by the server (RFC 9457); its message is a sentence that can be shown. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly status: number;
  readonly code: ProblemCode;
  /** Identifies the request in the server's log and audit trail. */
  readonly requestId: string | null;
  /** The fields that are to blame. */
  readonly errors: readonly FieldProblem[];
  /** The permission that is missing, with `forbidden`. */
  readonly permission: string | null;
  /** Seconds after which another try makes sense, with 429 and 503. */
  readonly retryAfter: number | null;

  constructor(response: Response, problem: Partial<Problem>) {
    super(problem.detail ?? `The server answered with status ${response.status}.`);
    this.status = response.status;
    this.code = (problem.code as ProblemCode | undefined) ?? "unknown";
    this.requestId = problem.request_id ?? response.headers.get("X-Request-Id");
    this.errors = problem.errors ?? [];
    this.permission = problem.permission ?? null;
    this.retryAfter = seconds(response.headers.get("Retry-After"));
  }
}

/** The server could not be reached; nothing is known about what became of the call. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";

  constructor(cause: unknown) {
    super("The server could not be reached.", { cause });
  }
}

/** Whether an error is a refusal by the server, with one of these codes if any are given. */
export function isProblem(error: unknown, ...codes: ProblemCode[]): error is ProblemError {
  return error instanceof ProblemError && (codes.length === 0 || codes.includes(error.code));
}

/** The errors of a refusal by the name of the form field, such as `email` or `roles.0`; the first of each field. */
export function fieldErrors(error: unknown): Record<string, FieldError> {
  const found: Record<string, FieldError> = {};
  for (const problem of isProblem(error) ? error.errors : []) {
    found[fieldName(problem)] ??= { code: problem.code, message: problem.detail };
  }
  return found;
}

function fieldName(problem: FieldProblem): string {
  const { pointer, parameter = "" } = problem as { pointer?: string; parameter?: string };
  if (pointer === undefined) return parameter;
  const steps = pointer.split("/").slice(1);
  return steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~")).join(".");
}

/** The refusal that an answer other than 2xx stands for, from its parsed body. */
export function problemFrom(response: Response, body: unknown): ProblemError {
  return new ProblemError(response, isProblemDocument(body) ? body : {});
}

function isProblemDocument(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}

function seconds(header: string | null): number | null {
  const value = Number(header ?? Number.NaN);
  return Number.isFinite(value) ? value : null;
}
