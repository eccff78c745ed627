import { Notice } from "../../ui/notice";

const texts = {
  password_set: ["success", "Your password is set", "Sign in with your new password. You were signed out everywhere."],
  email_verified: ["success", "Your email is verified", "You can sign in now."],
  email_changed: ["success", "Your email was changed", "Sign in with your new email from now on."],
  account_deleted: ["success", "Your account was deleted", "You have been signed out on all devices."],
  sign_out_unconfirmed: [
    "warning",
    "You are signed out on this device",
    "The server could not be reached. Your session is revoked as soon as this browser can reach it.",
  ],
  session_ended: ["info", "Your session has ended", "Sign in to continue."],
} as const;

/** The reason for opening the sign-in page, from its `reason` search parameter. */
export type SignInReason = keyof typeof texts;

export function parseSignInReason(value: unknown): SignInReason | undefined {
  return typeof value === "string" && Object.hasOwn(texts, value) ? (value as SignInReason) : undefined;
}

export function SignInReasonNotice({ reason }: { reason: SignInReason | undefined }) {
  if (!reason) return null;
  const [tone, title, detail] = texts[reason];
  return (
    <Notice tone={tone} title={title} className="mb-5">
      {detail}
    </Notice>
  );
}
