import { Link } from "@tanstack/react-router";
import { usePermissions } from "../../lib/session";
import { cx } from "../../ui/cx";
import { detailName } from "./words";

interface SubjectProps {
  kind: string;
  id: string;
  /** What to call it; without one, the end of its id stands for it. */
  name: string | undefined;
  /** Shown without a link. */
  plain?: boolean | undefined;
}

/** A user, role or session of an event, as a link for those who may see its page. */
export function Subject({ kind, id, name, plain = false }: SubjectProps) {
  const holds = usePermissions();
  const text = name ?? `${detailName(kind)} …${id.slice(-8)}`;
  if (!plain && kind === "user" && holds("users:read")) {
    return (
      <Link to="/admin/users/$userId" params={{ userId: id }} title={name ?? id} className={linkLook}>
        {text}
      </Link>
    );
  }
  if (!plain && kind === "role" && holds("roles:read")) {
    return (
      <Link to="/admin/roles/$roleId" params={{ roleId: id }} title={name ?? id} className={linkLook}>
        {text}
      </Link>
    );
  }
  return (
    <span title={id} className={name ? look : cx(look, "text-muted")}>
      {text}
    </span>
  );
}

const look = "block min-w-0 truncate";
const linkLook = "block min-w-0 truncate rounded-sm hover:underline hover:underline-offset-3";
