import { isProblem, NetworkError, type ProblemCode, type ProblemError } from "@vestibule/client";
import type { PasskeyError, PasskeyErrorReason } from "@vestibule/client/passkeys";

/** Thrown before a page loads if the current user lacks the permission it requires. */
export class MissingPermissionError extends Error {
  readonly permission: string;
  /** The user may have the permission once they have set up a second factor. */
  readonly requiresSecondFactor: boolean;

  constructor(permission: string, { requiresSecondFactor = false } = {}) {
    super(`Missing permission: ${permission}`);
    this.permission = permission;
    this.requiresSecondFactor = requiresSecondFactor;
  }
}

/** Checks whether a permission is withheld until the user has set up a second factor. */
export function requiresSecondFactor(error: unknown): boolean {
  return (
    isProblem(error, "second_factor_enrolment_required") ||
    (error instanceof MissingPermissionError && error.requiresSecondFactor)
  );
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

const setUpSecondFactor: [title: string, detail: string] = [
  "Set up a second factor to continue",
  "One of your roles requires a second factor. Its permissions apply as soon as you have set one up.",
];

/** Texts for the problem codes whose server-provided detail is not enough. */
const problemTexts: { [Code in ProblemCode]?: (problem: ProblemError) => [title: string, detail: string] } = {
  forbidden: ({ permission }) => [
    "You don't have permission to do this",
    permission ? `This requires the ${permission} permission. ${askForRole}` : "Ask an administrator for access.",
  ],
  second_factor_enrolment_required: () => setUpSecondFactor,
  step_up_required: () => ["Your identity was not confirmed", "Try again, and confirm that it's you when asked."],
  last_credential: () => [
    "At least one way to sign in is required",
    "Without it, the account could no longer be signed in to. Set a password or add a passkey first.",
  ],
  no_second_factor: () => [
    "You have no second factor",
    "Set up an authenticator app or a passkey for your own account first.",
  ],
  totp_enabled: () => ["An authenticator app is already set up", "Remove it first to set up a different one."],
  passkey_registered: () => ["This passkey is already registered", "Add a different passkey."],
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

const passkeyFailed: [title: string, detail: string] = [
  "The passkey could not be used",
  "Try again. If the problem persists, use a different browser or device.",
];

/** Texts for the reasons of a `PasskeyError`. */
const passkeyTexts: Partial<Record<PasskeyErrorReason, [title: string, detail: string]>> = {
  // Browsers do not reveal which of these it was.
  cancelled: [
    "No passkey was used",
    "The request was canceled or timed out, or this device has no matching passkey. Try again.",
  ],
  unsupported: ["Passkeys are not supported here", "Use a different browser or device."],
  exists: [
    "This device already has a passkey for your account",
    "Use the existing one, or add a passkey on a different device.",
  ],
};

/** Checks for a `PasskeyError` without its class, which is loaded on demand. */
export function isPasskeyError(error: unknown): error is PasskeyError {
  return error instanceof Error && error.name === "PasskeyError";
}

/** Checks whether the browser used no passkey for an ordinary reason, such as that the user canceled. */
export function isPasskeyCancelled(error: unknown): boolean {
  return isPasskeyError(error) && error.reason === "cancelled";
}

/** Returns the title and detail to show for any error. */
export function describeError(error: unknown): DescribedError {
  if (isProblem(error)) {
    const [title, detail] = problemTexts[error.code]?.(error) ?? [error.message, error.message];
    return { title, detail, requestId: error.requestId, unexpected: error.status >= 500 };
  }
  if (requiresSecondFactor(error)) {
    const [title, detail] = setUpSecondFactor;
    return { title, detail, requestId: null, unexpected: false };
  }
  if (error instanceof MissingPermissionError) {
    return {
      title: "You don't have access to this page",
      detail: `This page requires the ${error.permission} permission. ${askForRole}`,
      requestId: null,
      unexpected: false,
    };
  }
  if (isPasskeyError(error)) {
    const [title, detail] = passkeyTexts[error.reason] ?? passkeyFailed;
    return { title, detail, requestId: null, unexpected: false };
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
