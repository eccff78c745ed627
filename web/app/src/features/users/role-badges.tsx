import { Badge } from "../../ui/badge";

/** Somebody's roles; the one that may do everything stands out. */
export function RoleBadges({ roles, most = roles.length }: { roles: readonly string[]; most?: number }) {
  const rest = roles.slice(most);
  if (roles.length === 0) return <span className="text-muted">None</span>;
  return (
    <span className="flex flex-wrap gap-1">
      {roles.slice(0, most).map((role) => (
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
