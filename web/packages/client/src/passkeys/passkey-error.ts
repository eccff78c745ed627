import { NetworkError, ProblemError } from "../problem.js";

/**
 * The reason why the browser used no passkey. `cancelled`: the user cancelled, the request timed out or was replaced by
 * another one, or there is no suitable passkey; browsers do not reveal which. `exists`: the device already has a passkey of
 * this account. `unsupported`: the browser or the device has no passkeys. `failed`: any other reason.
 */
export type PasskeyErrorReason = "cancelled" | "unsupported" | "exists" | "failed";

const messages: Record<PasskeyErrorReason, string> = {
  cancelled: "No passkey was used. Try again, or choose another method.",
  unsupported: "This browser or device does not support passkeys.",
  exists: "This device already has a passkey for your account.",
  failed: "The passkey could not be used.",
};

/** The browser used or created no passkey. The `cause` is the error of the browser, if there is one. */
export class PasskeyError extends Error {
  override readonly name = "PasskeyError";
  readonly reason: PasskeyErrorReason;

  constructor(reason: PasskeyErrorReason, cause?: unknown) {
    super(messages[reason], { cause });
    this.reason = reason;
  }
}

const reasons: Partial<Record<string, PasskeyErrorReason>> = {
  AbortError: "cancelled",
  NotAllowedError: "cancelled",
  InvalidStateError: "exists",
  NotSupportedError: "unsupported",
};

/** Converts an error of the browser to a `PasskeyError`. Returns the errors of this package unchanged. */
export function passkeyErrorFrom(error: unknown): Error {
  if (error instanceof PasskeyError || error instanceof ProblemError || error instanceof NetworkError) return error;
  return new PasskeyError((error instanceof DOMException && reasons[error.name]) || "failed", error);
}
