import type { User } from "@vestibule/client";
import { useAuditEvents } from "@vestibule/client/query";
import { ScrollText } from "lucide-react";
import { EmptyState } from "../../ui/empty-state";
import { Select } from "../../ui/select";
import { EventList } from "./event-list";
import { useResourceNames } from "./use-resource-names";

/** The filter for the events of a user: events that the user caused, or events that affect the user. */
export type EventFilter = "actor" | "target";

interface UserEventsProps {
  user: User;
  filterBy: EventFilter;
  onFilterByChange(filterBy: EventFilter): void;
}

/** The audit events of a user, as actor or as target. */
export function UserEvents({ user, filterBy, onFilterByChange }: UserEventsProps) {
  const events = useAuditEvents(filterBy === "actor" ? { actor: user.id } : { target: user.id });
  const names = useResourceNames(events.data, user);

  return (
    <>
      <div className="mb-3">
        <Select
          aria-label="Events"
          value={filterBy}
          onChange={(event) => onFilterByChange(event.target.value as EventFilter)}
        >
          <option value="actor">Actions by this user</option>
          <option value="target">Changes to this user</option>
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
