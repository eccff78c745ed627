/**
 * What happened, in words; in the order of the resource. The server may learn actions that this page does not know
 * yet: those are shown as they are.
 */
const words: Record<string, string> = {
  "session.started": "Signed in",
  "session.refused": "Sign-in refused",
  "session.ended": "Signed out",
  "session.revoked": "Session ended by somebody",
  "sessions.revoked": "All sessions ended",
  "session.reuse_detected": "Stolen session ended",
  "user.created": "User created",
  "user.updated": "User changed",
  "user.disabled": "User disabled",
  "user.enabled": "User enabled",
  "user.deleted": "User deleted",
  "email.change_requested": "Change of address asked for",
  "email.change_cancelled": "Change of address cancelled",
  "email.changed": "Address changed",
  "email.verified": "Address verified",
  "password.changed": "Password changed",
  "password.reset": "Password reset by link",
  "password.set": "Password set by the operator",
  "password.refused": "Wrong current password",
  "role.created": "Role created",
  "role.updated": "Role changed",
  "role.deleted": "Role deleted",
  "role.assigned": "Roles of a user changed",
  "setup.completed": "Setup completed",
  "restore.completed": "Restore from a backup completed",
};

/** Every action that can be asked for, in the order in which people look for them. */
export const actions = Object.keys(words);

export function actionInWords(action: string): string {
  return words[action] ?? action;
}

/** What deserves a second look. */
export function isWarning(action: string): boolean {
  return ["session.refused", "session.reuse_detected", "password.refused"].includes(action);
}

/** The groups of the action filter. */
export const actionGroups = [
  { label: "Sign-in and sessions", prefixes: ["session", "sessions"] },
  { label: "Users", prefixes: ["user", "setup"] },
  { label: "Addresses and passwords", prefixes: ["email", "password"] },
  { label: "Roles", prefixes: ["role"] },
].map(({ label, prefixes }) => ({
  label,
  actions: actions.filter((action) => prefixes.includes(action.split(".")[0] ?? "")),
}));

const actors: Record<string, string> = {
  anonymous: "Somebody not signed in",
  system: "The server",
  cli: "The operator",
};

/** Whoever acts without an account. */
export function actorInWords(kind: string): string {
  return actors[kind] ?? kind;
}

/** A name of a detail: `given` → "Given", `new_email` → "New email". */
export function detailName(name: string): string {
  const text = name.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const values: Record<string, string> = {
  wrong_password: "Wrong password",
  unknown_address: "Nobody has the address that was typed",
  account_disabled: "The account is disabled",
  email_not_verified: "The address is not verified",
};

/** A value of a detail, for reading: lists with commas, and the reasons of refusals in words. */
export function detailValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "None" : value.map(detailValue).join(", ");
  if (value === null) return "None";
  if (typeof value === "object") return JSON.stringify(value);
  if (typeof value === "boolean") return value ? "Yes" : "No";
  return values[String(value)] ?? String(value);
}
