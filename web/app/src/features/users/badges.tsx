import { Badge } from "../../ui/badge";
import type { InvitableUser } from "./use-invitable-user";

/** The status of a user. An active user who was invited and has not set a password yet can't sign in. */
export function StatusBadge({ user: { status, invited } }: { user: InvitableUser }) {
  if (status === "disabled") return <Badge tone="danger">Disabled</Badge>;
  return invited ? <Badge tone="warning">Invited</Badge> : <Badge tone="success">Active</Badge>;
}

interface RoleBadgesProps {
  roles: readonly string[];
  /** The maximum number of roles to show; the others are counted. */
  max?: number;
}

/** The names of roles. The admin role is highlighted. */
export function RoleBadges({ roles, max = roles.length }: RoleBadgesProps) {
  const rest = roles.slice(max);
  if (roles.length === 0) return <span className="text-muted">None</span>;
  return (
    <span className="flex flex-wrap gap-1">
      {roles.slice(0, max).map((role) => (
        <Badge key={role} tone={role === "admin" ? "accent" : "neutral"}>
          {role}
        </Badge>
      ))}
      {rest.length > 0 && (
        <span title={rest.join(", ")}>
          <Badge>
            +{rest.length}
            <span className="sr-only"> more: {rest.join(", ")}</span>
          </Badge>
        </span>
      )}
    </span>
  );
}
