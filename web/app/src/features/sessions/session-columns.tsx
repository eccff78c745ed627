import type { SessionInfo } from "@vestibule/client";
import { DeviceLabel } from "../../ui/device-label";
import type { Column } from "../../ui/list-view";
import { RelativeTime } from "../../ui/relative-time";

/** The columns that all lists of sessions share. */
export const sessionColumns: Column<SessionInfo>[] = [
  {
    key: "device",
    header: "Device",
    rowHeader: true,
    cell: (session) => (
      <DeviceLabel
        userAgent={session.user_agent}
        current={session.current}
        detail={
          <span className="md:hidden">
            {session.ip_address}{" "}
            <span className="sm:hidden">
              · last used <RelativeTime value={session.last_used_at} />
            </span>
          </span>
        }
      />
    ),
  },
  {
    key: "ip",
    header: "IP address",
    className: "hidden md:table-cell",
    cell: (session) => <span className="tabular-nums">{session.ip_address ?? "Unknown"}</span>,
  },
  {
    key: "started",
    header: "Signed in",
    className: "hidden md:table-cell",
    cell: (session) => <RelativeTime value={session.created_at} />,
  },
  {
    key: "used",
    header: "Last used",
    className: "hidden sm:table-cell",
    cell: (session) => <RelativeTime value={session.last_used_at} />,
  },
];
