import { WifiOff } from "lucide-react";
import { useSyncExternalStore } from "react";

/** Warns that the device is offline. */
export function OfflineBanner() {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  return (
    <div role="status">
      {!online && (
        <p className="mb-4 flex items-center gap-2 rounded-md bg-warning-soft px-3 py-2 text-sm">
          <WifiOff aria-hidden className="size-4 shrink-0 text-warning-text" />
          You are offline. Data may be out of date, and changes can't be saved until you reconnect.
        </p>
      )}
    </div>
  );
}

function subscribe(changed: () => void): () => void {
  addEventListener("online", changed);
  addEventListener("offline", changed);
  return () => {
    removeEventListener("online", changed);
    removeEventListener("offline", changed);
  };
}
