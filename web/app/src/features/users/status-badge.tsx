import type { UserStatus } from "@vestibule/client";
import { Badge } from "../../ui/badge";

/** Whether somebody may sign in. */
export function StatusBadge({ status }: { status: UserStatus }) {
  return status === "active" ? <Badge tone="success">Active</Badge> : <Badge tone="danger">Disabled</Badge>;
}
