import { Notice } from "../../ui/notice";

const texts = {
  password_set: ["success", "Your password is set", "Sign in with it. Every other session has been ended."],
  email_verified: ["success", "Your address is verified", "You can sign in now."],
  email_changed: ["success", "Your new address is confirmed", "From now on, sign in with it."],
  set_up: ["success", "The administrator's account is ready", "Sign in with it."],
  account_deleted: ["success", "Your account is deleted", "Your data is gone, and every session has ended."],
  sign_out_untold: [
    "warning",
    "You are signed out on this device",
    "The server could not be told; the session is in your list of sessions until it ends.",
  ],
  session_ended: ["info", "Your session has ended", "Sign in to go on where you were."],
} as const;

/** What brought somebody to the sign-in page. */
export type ArrivalReason = keyof typeof texts;

export function arrivalReason(value: unknown): ArrivalReason | undefined {
  return typeof value === "string" && Object.hasOwn(texts, value) ? (value as ArrivalReason) : undefined;
}

export function ArrivalNotice({ reason }: { reason: ArrivalReason | undefined }) {
  if (!reason) return null;
  const [tone, title, detail] = texts[reason];
  return (
    <Notice tone={tone} title={title} className="mb-5">
      {detail}
    </Notice>
  );
}
