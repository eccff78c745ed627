import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { Button, iconButtonClass } from "./button";
import { cx } from "./cx";
import { type ToastItem, toastStore } from "./toast";

/**
 * Renders the toasts; used once, in the app shell. Toasts stay while hovered or focused, so that users have time to read
 * them and press "Undo".
 */
export function Toaster() {
  const items = useSyncExternalStore(toastStore.subscribe, toastStore.get);
  const [paused, setPaused] = useState(false);
  return (
    <section
      aria-label="Notifications"
      aria-live="polite"
      aria-relevant="additions"
      onPointerEnter={() => setPaused(true)}
      onPointerLeave={() => setPaused(false)}
      onFocus={() => setPaused(true)}
      onBlur={() => setPaused(false)}
      className="pointer-events-none fixed right-0 bottom-0 z-60 flex w-full flex-col gap-2 p-4 sm:max-w-sm"
    >
      {items.map((item) => (
        <Toast key={item.id} item={item} paused={paused} />
      ))}
    </section>
  );
}

function Toast({ item, paused }: { item: ToastItem; paused: boolean }) {
  const { id, tone, title, detail, action, duration } = item;
  const Icon = tone === "error" ? CircleAlert : CircleCheck;

  useEffect(() => {
    if (paused) return;
    const timer = setTimeout(() => toastStore.dismiss(id), duration);
    return () => clearTimeout(timer);
  }, [id, duration, paused]);

  return (
    <div className="toast-motion pointer-events-auto flex items-start gap-2.5 rounded-lg bg-raised p-3 shadow-float">
      <Icon
        aria-hidden
        className={cx("mt-0.5 size-4 shrink-0", tone === "error" ? "text-danger-text" : "text-success-text")}
      />
      <div className="min-w-0 flex-1 text-sm">
        <p className="font-medium">{title}</p>
        {detail && <p className="text-muted">{detail}</p>}
      </div>
      {action && (
        <Button
          size="sm"
          onClick={() => {
            toastStore.dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <button
        type="button"
        aria-label="Dismiss"
        onClick={() => toastStore.dismiss(id)}
        className={cx(iconButtonClass("sm"), "-my-1 -mr-1")}
      >
        <X aria-hidden />
      </button>
    </div>
  );
}
