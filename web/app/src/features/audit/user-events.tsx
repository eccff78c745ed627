import type { User } from "@vestibule/client";
import { useAuditEvents } from "@vestibule/client/query";
import { ScrollText } from "lucide-react";
import { EmptyState } from "../../ui/empty-state";
import { Select } from "../../ui/select";
import { EventList } from "./event-list";
import { useEntityNames } from "./use-entity-names";

/** The side of an event that the user is on: `by` for the actor, `to` for the target. */
export type Side = "by" | "to";

interface UserEventsProps {
  user: User;
  side: Side;
  onSideChange(side: Side): void;
}

/** The audit events of a user, as actor or as target. */
export function UserEvents({ user, side, onSideChange }: UserEventsProps) {
  const events = useAuditEvents(side === "by" ? { actor: user.id } : { target: user.id });
  const names = useEntityNames(user);

  return (
    <>
      <div className="mb-3">
        <Select aria-label="Events" value={side} onChange={(event) => onSideChange(event.target.value as Side)}>
          <option value="by">Actions by this user</option>
          <option value="to">Changes to this user</option>
        </Select>
      </div>
      <EventList
        events={events}
        names={names}
        empty={
          <EmptyState
            icon={<ScrollText />}
            title="No events yet"
            description="Sign-ins and changes to passwords, roles and status appear here."
          />
        }
      />
    </>
  );
}
