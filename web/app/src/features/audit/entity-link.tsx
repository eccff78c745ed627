import { Link } from "@tanstack/react-router";
import { useCan } from "../../lib/session";
import { cx } from "../../ui/cx";
import { detailLabel } from "./labels";

interface EntityLinkProps {
  kind: string;
  id: string;
  /** The name to show; defaults to the end of the ID. */
  name: string | undefined;
  /** Renders plain text instead of a link. */
  plain?: boolean | undefined;
}

/** The user, role or session of an event. Links to its page if the current user is allowed to open it. */
export function EntityLink({ kind, id, name, plain = false }: EntityLinkProps) {
  const can = useCan();
  const text = name ?? `${detailLabel(kind)} …${id.slice(-8)}`;
  if (!plain && kind === "user" && can("users:read")) {
    return (
      <Link to="/admin/users/$userId" params={{ userId: id }} title={name ?? id} className={linkClass}>
        {text}
      </Link>
    );
  }
  if (!plain && kind === "role" && can("roles:read")) {
    return (
      <Link to="/admin/roles/$roleId" params={{ roleId: id }} title={name ?? id} className={linkClass}>
        {text}
      </Link>
    );
  }
  return (
    <span title={id} className={name ? textClass : cx(textClass, "text-muted")}>
      {text}
    </span>
  );
}

const textClass = "block min-w-0 truncate";
const linkClass = "block min-w-0 truncate rounded-sm hover:underline hover:underline-offset-3";
