import { Link } from "@tanstack/react-router";
import { usePermissions } from "../../lib/session";
import { cx } from "../../ui/cx";

interface SubjectProps {
  kind: string;
  id: string;
  /** What to call it; without one, the end of its id stands for it. */
  name: string | undefined;
  className?: string;
}

/** A user, role or session of an event, as a link for those who may see its page. */
export function Subject({ kind, id, name, className }: SubjectProps) {
  const holds = usePermissions();
  const text = name ?? `${kind} …${id.slice(-8)}`;
  const look = cx("block min-w-0 truncate", className);
  if (kind === "user" && holds("users:read")) {
    return (
      <Link to="/admin/users/$userId" params={{ userId: id }} title={name ?? id} className={cx(look, linkLook)}>
        {text}
      </Link>
    );
  }
  if (kind === "role" && holds("roles:read")) {
    return (
      <Link to="/admin/roles/$roleId" params={{ roleId: id }} title={name ?? id} className={cx(look, linkLook)}>
        {text}
      </Link>
    );
  }
  return (
    <span title={id} className={look}>
      {text}
    </span>
  );
}

const linkLook = "rounded-sm hover:underline hover:underline-offset-3";
