import { PasskeyError } from "../passkeys/passkey-error.js";
import { type FieldError, fieldErrors, isProblem, NetworkError } from "../problem.js";
import type { PasswordRules } from "../schema.gen.js";
import type { Texts } from "./texts.js";

/** Returns the text for an error that belongs to no field. */
export function errorText(error: unknown, texts: Texts): string {
  if (error instanceof NetworkError) return texts.unreachable;
  if (error instanceof PasskeyError) return passkeyErrorText(error, texts);
  if (!isProblem(error)) return error instanceof Error ? error.message : String(error);
  switch (error.code) {
    case "invalid_credentials":
      return texts.invalidCredentials;
    case "unknown_passkey":
      return texts.passkeyUnknown;
    case "account_disabled":
      return texts.accountDisabled;
    case "email_not_verified":
      return texts.emailNotVerified;
    case "sign_up_closed":
      return texts.signUpClosed;
    case "too_many_requests":
      return texts.tooManyAttempts(error.retryAfter ?? 1);
    default:
      return error.status >= 500 ? texts.serverError : error.message;
  }
}

/** Returns the text for an error of a passkey, which the server may have rejected. */
export function passkeyFailureText(error: unknown, texts: Texts): string {
  return isProblem(error, "invalid_credentials", "invalid_token") ? texts.passkeyFailed : errorText(error, texts);
}

function passkeyErrorText({ reason, message }: PasskeyError, texts: Texts): string {
  switch (reason) {
    case "cancelled":
      return texts.passkeyCancelled;
    case "unsupported":
      return texts.passkeyUnsupported;
    case "failed":
      return texts.passkeyFailed;
    default:
      return message;
  }
}

/** Returns the texts for the errors of the fields `email` and `password`, by name. */
export function fieldErrorTexts(error: unknown, texts: Texts, rules?: PasswordRules): Record<string, string> {
  const { email, password } = fieldErrors(error);
  if (isProblem(error, "email_taken")) return { email: texts.emailTaken };
  return {
    ...(email && { email: emailErrorText(email, texts) }),
    ...(password && { password: passwordErrorText(password, texts, rules) }),
  };
}

function emailErrorText({ code, message }: FieldError, texts: Texts): string {
  switch (code) {
    case "taken":
      return texts.emailTaken;
    case "invalid_format":
    case "too_long":
      return texts.emailInvalid;
    default:
      return message;
  }
}

function passwordErrorText({ code, message }: FieldError, texts: Texts, rules?: PasswordRules): string {
  switch (code) {
    case "too_short":
      return rules ? texts.passwordTooShort(rules.min_length) : message;
    case "too_long":
      return rules ? texts.passwordTooLong(rules.max_length) : message;
    case "common_password":
      return texts.passwordTooCommon;
    default:
      return message;
  }
}
