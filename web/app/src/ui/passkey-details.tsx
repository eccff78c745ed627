import type { Passkey } from "@vestibule/client";
import { Badge } from "./badge";
import { RelativeTime } from "./relative-time";

/** The name of a passkey, its authenticator and its use. */
export function PasskeyDetails({ passkey }: { passkey: Passkey }) {
  const { name, authenticator, backed_up, discoverable, created_at, last_used_at } = passkey;
  return (
    <div className="min-w-0">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="wrap-anywhere font-medium">{name}</span>
        {backed_up && <Badge>Synced</Badge>}
        {!discoverable && <Badge>Second factor only</Badge>}
      </p>
      <p className="text-muted text-sm">
        {authenticator && authenticator !== name && `${authenticator} · `}
        Added <RelativeTime value={created_at} /> ·{" "}
        {last_used_at ? (
          <>
            Last used <RelativeTime value={last_used_at} />
          </>
        ) : (
          "Never used"
        )}
      </p>
    </div>
  );
}
