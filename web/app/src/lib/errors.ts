import { isProblem, NetworkError, type ProblemCode, type ProblemError } from "@vestibule/client";

/** Thrown before a page loads if the current user lacks the permission it requires. */
export class MissingPermissionError extends Error {
  readonly permission: string;

  constructor(permission: string) {
    super(`Missing permission: ${permission}`);
    this.permission = permission;
  }
}

const chunkLoadErrors = new WeakSet<Error>();

addEventListener("vite:preloadError", ({ payload }) => chunkLoadErrors.add(payload));

/** Checks whether a script failed to load: the server is unreachable, or a new release has renamed its files. */
export function isChunkLoadError(error: unknown): boolean {
  return error instanceof Error && chunkLoadErrors.has(error);
}

/** Checks whether the server is unreachable or overloaded, so that the same request may succeed later. */
export function isServerUnavailable(error: unknown): boolean {
  return error instanceof NetworkError || isProblem(error, "unavailable");
}

/** The texts that the UI shows for an error. */
export interface DescribedError {
  /** The failure, without a period. */
  title: string;
  /** The next step for the user, as full sentences. */
  detail: string;
  /** Identifies the request in the server's log. */
  requestId: string | null;
  /** True if it is a bug or a server failure, for which the request ID is shown. */
  unexpected: boolean;
}

const askForRole = "Ask an administrator for a role that includes it.";

/** Texts for the problem codes whose server-provided detail is not enough. */
const problemTexts: { [Code in ProblemCode]?: (problem: ProblemError) => [title: string, detail: string] } = {
  forbidden: ({ permission }) => [
    "You don't have permission to do this",
    permission ? `This requires the ${permission} permission. ${askForRole}` : "Ask an administrator for access.",
  ],
  last_admin: () => [
    "At least one administrator is required",
    "This is the last active administrator. Assign the admin role to another user first.",
  ],
  built_in_role: () => [
    "This role is built in",
    "Built-in roles can't be renamed or deleted. Create a new role instead.",
  ],
  in_use: () => ["Other resources refer to this one", "Change or delete them first."],
  stale: () => ["Someone else made changes", "Reload to see the latest version, then make your changes again."],
  too_many_requests: ({ retryAfter }) => ["Too many attempts", `Try again in ${formatWait(retryAfter)}.`],
  unavailable: ({ retryAfter }) => [
    "The service is temporarily unavailable",
    `The server is busy or can't reach its database. Try again in ${formatWait(retryAfter)}.`,
  ],
  internal: () => [
    "Something went wrong on the server",
    "The error has been logged. Try again. If the problem persists, send the request ID to an administrator.",
  ],
};

/** Returns the title and detail to show for any error. */
export function describeError(error: unknown): DescribedError {
  if (isProblem(error)) {
    const [title, detail] = problemTexts[error.code]?.(error) ?? [error.message, error.message];
    return { title, detail, requestId: error.requestId, unexpected: error.status >= 500 };
  }
  if (error instanceof MissingPermissionError) {
    return {
      title: "You don't have access to this page",
      detail: `This page requires the ${error.permission} permission. ${askForRole}`,
      requestId: null,
      unexpected: false,
    };
  }
  if (error instanceof NetworkError) {
    return {
      title: "Can't reach the server",
      detail: "Check your connection and try again.",
      requestId: null,
      unexpected: false,
    };
  }
  if (isChunkLoadError(error)) {
    return {
      title: "This page could not be loaded",
      detail: "The server is unreachable, or a new version is available. Try again.",
      requestId: null,
      unexpected: false,
    };
  }
  return {
    title: "Something went wrong",
    detail: "Reload the page. If the problem persists, contact an administrator and describe what you were doing.",
    requestId: null,
    unexpected: true,
  };
}

function formatWait(seconds: number | null): string {
  if (!seconds) return "a moment";
  if (seconds < 90) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
