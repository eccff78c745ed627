import type { Factors } from "@vestibule/client";
import { Notice } from "../../ui/notice";
import { hasSecondFactor } from "./has-second-factor";

/** Names the roles that require a second factor. Warns while the user has none. */
export function RequirementNotice({ factors }: { factors: Factors }) {
  const { required_by } = factors;
  if (required_by.length === 0) return null;
  const roles = formatRoles(required_by);
  if (hasSecondFactor(factors)) return <Notice>{`${roles} a second factor. Keep at least one.`}</Notice>;
  return (
    <Notice tone="warning" title={`${roles} a second factor`}>
      Set up an authenticator app or a passkey. Until then, the permissions of{" "}
      {required_by.length === 1 ? "this role" : "these roles"} don't apply.
    </Notice>
  );
}

function formatRoles(names: readonly string[]): string {
  const list = new Intl.ListFormat("en").format(names);
  return names.length === 1 ? `Your role ${list} requires` : `Your roles ${list} require`;
}
