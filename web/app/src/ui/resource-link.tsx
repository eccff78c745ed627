import { Link } from "@tanstack/react-router";
import { findResourceKind } from "../lib/resources";
import { useCan } from "../lib/session";
import { cx } from "./cx";

interface ResourceLinkProps {
  /** The name of a `ResourceKind`, or of another kind, such as a session. */
  kind: string;
  id: string;
  /** The text to show. */
  text: string;
  /** The text is a substitute for an unknown name. */
  unnamed?: boolean;
  /** Renders plain text instead of a link. */
  plain?: boolean | undefined;
}

/** A resource. Links to its page if there is one and the current user is allowed to open it. */
export function ResourceLink({ kind, id, text, unnamed = false, plain = false }: ResourceLinkProps) {
  const can = useCan();
  const resource = findResourceKind(kind);
  if (!plain && resource && can(resource.permission)) {
    return (
      <Link
        {...resource.link(id)}
        title={unnamed ? id : text}
        className="block min-w-0 truncate rounded-sm hover:underline hover:underline-offset-3"
      >
        {text}
      </Link>
    );
  }
  return (
    <span title={id} className={cx("block min-w-0 truncate", unnamed && "text-muted")}>
      {text}
    </span>
  );
}
