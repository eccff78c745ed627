import { isProblem, NetworkError, type ProblemCode, type ProblemError } from "@vestibule/client";
import { MissingPermission } from "./missing-permission";
import { isUnloaded } from "./unloaded";

/** An error in words for a person. */
export interface DescribedError {
  /** What happened, without a full stop. */
  title: string;
  /** What to do about it, as sentences. */
  detail: string;
  /** By which an administrator finds it in the log. */
  requestId: string | null;
  /** Whether nobody here did anything wrong, so that the reference is worth showing. */
  unexpected: boolean;
}

const whoCanHelp = "An administrator can give you a role that has it.";

/** Words for the codes that need others than the server's own sentence. */
const words: { [Code in ProblemCode]?: (problem: ProblemError) => [title: string, detail: string] } = {
  forbidden: ({ permission }) => [
    "You may not do this",
    `It needs ${permission ? `the permission ${permission}` : "a permission that you do not have"}. ${whoCanHelp}`,
  ],
  last_admin: () => [
    "An administrator must remain",
    "This is the last active administrator. Make somebody else an administrator first.",
  ],
  built_in_role: () => ["This role is built in", "It cannot be renamed or deleted. Create a role of your own instead."],
  stale: () => ["Somebody else changed this meanwhile", "Load it again to see what is new, then make your change."],
  too_many_requests: ({ retryAfter }) => ["Too many attempts", `Wait ${waitingTime(retryAfter)}, then try again.`],
  unavailable: ({ retryAfter }) => [
    "The server is busy or cannot reach its database",
    `Nothing was lost. Try again in ${waitingTime(retryAfter)}.`,
  ],
  internal: () => [
    "The server ran into an error",
    "It has been logged. Try again; if it stays, give the request number to an administrator.",
  ],
};

/** Puts any error into words: what happened, then what to do. */
export function describeError(error: unknown): DescribedError {
  if (isProblem(error)) {
    const [title, detail] = words[error.code]?.(error) ?? [error.message, error.message];
    return { title, detail, requestId: error.requestId, unexpected: error.status >= 500 };
  }
  if (error instanceof MissingPermission) {
    return {
      title: "You may not see this page",
      detail: `It needs the permission ${error.permission}. ${whoCanHelp}`,
      requestId: null,
      unexpected: false,
    };
  }
  if (error instanceof NetworkError) {
    return {
      title: "The server cannot be reached",
      detail: "Check your connection, then try again.",
      requestId: null,
      unexpected: false,
    };
  }
  if (isUnloaded(error)) {
    return {
      title: "This page could not be loaded",
      detail: "The server cannot be reached, or there is a new version. Try again.",
      requestId: null,
      unexpected: false,
    };
  }
  return {
    title: "This page ran into an error",
    detail: "Load the page again. If it stays, tell an administrator what you did.",
    requestId: null,
    unexpected: true,
  };
}

function waitingTime(seconds: number | null): string {
  if (!seconds) return "a moment";
  if (seconds < 90) return seconds === 1 ? "1 second" : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
