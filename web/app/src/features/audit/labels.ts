import { type ResourceKind, resourceKinds } from "../../lib/resources";
import type { OptionGroup } from "../../ui/option-combobox";

/** The labels of the actions of features that have their own. */
const ownLabels: Record<string, string> = {
  "session.started": "Signed in",
  "session.refused": "Sign-in failed",
  "session.ended": "Signed out",
  "session.revoked": "Session revoked",
  "sessions.revoked": "All sessions revoked",
  "session.reuse_detected": "Refresh token reuse detected",
  "session.second_factor_rejected": "Second factor rejected",
  "session.stepped_up": "Identity confirmed",
  "user.created": "User created",
  "user.updated": "User updated",
  "user.disabled": "User disabled",
  "user.enabled": "User enabled",
  "user.deleted": "User deleted",
  "email.change_requested": "Email change requested",
  "email.change_cancelled": "Email change canceled",
  "email.changed": "Email changed",
  "email.verified": "Email verified",
  "password.changed": "Password changed",
  "password.reset": "Password reset by link",
  "password.set": "Password set by operator",
  "password.link_sent": "Password link sent",
  "password.refused": "Incorrect password",
  "totp.enabled": "Authenticator app set up",
  "totp.disabled": "Authenticator app removed",
  "passkey.added": "Passkey added",
  "passkey.renamed": "Passkey renamed",
  "passkey.removed": "Passkey removed",
  "recovery_codes.generated": "Recovery codes generated",
  "recovery_code.used": "Recovery code used",
  "factors.reset": "Second factors removed",
  "role.created": "Role created",
  "role.updated": "Role updated",
  "role.deleted": "Role deleted",
  "role.assigned": "User roles changed",
  "setup.completed": "Setup completed",
  "restore.completed": "Restored from backup",
};

/** The names and labels of the kinds of resources whose actions have no labels of their own. */
const otherKinds = Object.entries<ResourceKind>(resourceKinds)
  .filter(([kind]) => !Object.hasOwn(ownLabels, `${kind}.created`))
  .map(([kind, { label }]) => ({
    label,
    actions: ["created", "updated", "deleted"].map((verb) => `${kind}.${verb}`),
  }));

/** The labels of the actions that the audit log can be filtered by. */
export const actionLabels: Readonly<Record<string, string>> = {
  ...ownLabels,
  ...Object.fromEntries(otherKinds.flatMap(({ actions }) => actions.map((action) => [action, toSentence(action)]))),
};

/** Returns the label of an action, which a newer server may have added: `project.created` → "Project created". */
export function actionLabel(action: string): string {
  return actionLabels[action] ?? toSentence(action);
}

/** Checks whether an action may be a sign of an attack. */
export function isWarning(action: string): boolean {
  return ["session.refused", "session.reuse_detected", "session.second_factor_rejected", "password.refused"].includes(
    action,
  );
}

/** The groups of the action filter. */
export const actionGroups: OptionGroup[] = [
  ...[
    { label: "Sign-in and sessions", prefixes: ["session", "sessions"] },
    { label: "Users", prefixes: ["user"] },
    { label: "Emails and passwords", prefixes: ["email", "password"] },
    { label: "Second factors", prefixes: ["totp", "passkey", "recovery_codes", "recovery_code", "factors"] },
    { label: "Roles", prefixes: ["role"] },
    { label: "Installation", prefixes: ["setup", "restore"] },
  ].map(({ label, prefixes }) => ({
    label,
    actions: Object.keys(ownLabels).filter((action) => prefixes.includes(action.split(".")[0] ?? "")),
  })),
  ...otherKinds,
].map(({ label, actions }) => ({
  label,
  options: actions.map((value) => ({ value, label: actionLabel(value) })),
}));

const actorLabels: Record<string, string> = {
  anonymous: "Anonymous",
  system: "System",
  cli: "Operator (command line)",
};

/** Returns the label of an actor without a user account. */
export function actorLabel(kind: string): string {
  return actorLabels[kind] ?? kind;
}

const detailLabels: Record<string, string> = {
  given: "Assigned roles",
  taken: "Revoked roles",
};

/** Returns the label of a detail, by default its name as text: `new_email` → "New email". */
export function detailLabel(name: string): string {
  return detailLabels[name] ?? toSentence(name);
}

const valueLabels: Record<string, string> = {
  wrong_password: "Incorrect password",
  unknown_address: "Unknown email",
  account_disabled: "Account disabled",
  email_not_verified: "Email not verified",
  session_limit: "Too many sessions",
  wrong_code: "Incorrect code",
  unknown_passkey: "Unknown passkey",
  foreign_passkey: "Passkey of a different user",
  user_not_verified: "Passkey without user verification",
  pwd: "Password",
  otp: "Code",
  hwk: "Passkey on one device",
  swk: "Synced passkey",
  mfa: "Several factors",
};

/** Formats the value of a detail: lists with commas, and codes as text. */
export function detailValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "None" : value.map(detailValue).join(", ");
  if (value === null) return "None";
  if (typeof value === "object") return JSON.stringify(value);
  if (typeof value === "boolean") return value ? "Yes" : "No";
  return valueLabels[String(value)] ?? String(value);
}

/** Converts a name to text: `new_email` → "New email". */
function toSentence(name: string): string {
  const text = name.replaceAll(/[._]/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
