import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { Button, iconButtonClass } from "./button";
import { cx } from "./cx";
import { type ToastItem, toasts } from "./toast";

/**
 * Where toasts appear; once, in the shell. None goes while the pointer or the focus is on them, so that
 * there is time to read and to press "Undo".
 */
export function Toaster() {
  const items = useSyncExternalStore(toasts.subscribe, toasts.get);
  const [held, setHeld] = useState(false);
  return (
    <section
      aria-label="Notifications"
      aria-live="polite"
      aria-relevant="additions"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="pointer-events-none fixed right-0 bottom-0 z-60 flex w-full flex-col gap-2 p-4 sm:max-w-sm"
    >
      {items.map((item) => (
        <Toast key={item.id} item={item} held={held} />
      ))}
    </section>
  );
}

function Toast({ item, held }: { item: ToastItem; held: boolean }) {
  const { id, tone, title, detail, action, duration } = item;
  const Icon = tone === "failed" ? CircleAlert : CircleCheck;

  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => toasts.dismiss(id), duration);
    return () => clearTimeout(timer);
  }, [id, duration, held]);

  return (
    <div className="toast-motion pointer-events-auto flex items-start gap-2.5 rounded-lg bg-raised p-3 shadow-float">
      <Icon
        aria-hidden
        className={cx("mt-0.5 size-4 shrink-0", tone === "failed" ? "text-danger-text" : "text-success-text")}
      />
      <div className="min-w-0 flex-1 text-sm">
        <p className="font-medium">{title}</p>
        {detail && <p className="text-muted">{detail}</p>}
      </div>
      {action && (
        <Button
          size="sm"
          onClick={() => {
            toasts.dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <button
        type="button"
        aria-label="Dismiss"
        onClick={() => toasts.dismiss(id)}
        className={cx(iconButtonClass("sm"), "-my-1 -mr-1")}
      >
        <X aria-hidden />
      </button>
    </div>
  );
}
