import type { UserStatus } from "@vestibule/client";
import { Badge } from "../../ui/badge";

export function StatusBadge({ status }: { status: UserStatus }) {
  return status === "active" ? <Badge tone="success">Active</Badge> : <Badge tone="danger">Disabled</Badge>;
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
