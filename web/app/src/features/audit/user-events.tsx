import type { User } from "@vestibule/client";
import { useAuditEvents } from "@vestibule/client/query";
import { ScrollText } from "lucide-react";
import { EmptyState } from "../../ui/empty-state";
import { Select } from "../../ui/select";
import { EventList } from "./event-list";
import { useNames } from "./use-names";

/** Whether the user did it, or it was done to them. */
export type Side = "by" | "to";

interface UserEventsProps {
  user: User;
  side: Side;
  onSide(side: Side): void;
}

/** What a user did, or what was done to them. */
export function UserEvents({ user, side, onSide }: UserEventsProps) {
  const events = useAuditEvents(side === "by" ? { actor: user.id } : { target: user.id });
  const names = useNames(user);

  return (
    <>
      <div className="mb-3">
        <Select aria-label="Which events" value={side} onChange={(event) => onSide(event.target.value as Side)}>
          <option value="by">What they did</option>
          <option value="to">What was done to them</option>
        </Select>
      </div>
      <EventList
        events={events}
        names={names}
        empty={
          <EmptyState
            icon={<ScrollText />}
            title={side === "by" ? "They have done nothing yet" : "Nothing was done to them yet"}
            description="Signing in, changes of passwords, roles and status appear here."
          />
        }
      />
    </>
  );
}
