import { Toast } from "@base-ui/react/toast";
import { CircleAlert, CircleCheck, X } from "lucide-react";
import { describeError } from "../lib/problem";
import { buttonClass, iconButtonClass } from "./button";
import { cx } from "./cx";

const manager = Toast.createToastManager();

interface ToastAction {
  label: string;
  run(): void;
}

/**
 * Says what was done, for whatever leaves no other trace on the screen. Never the only place of an
 * error that needs an answer: forms and lists show theirs where they are.
 */
export const toast = {
  done(title: string, action?: ToastAction): void {
    manager.add({
      title,
      type: "done",
      timeout: action ? 8000 : 4000,
      ...(action && { actionProps: { children: action.label, onClick: action.run } }),
    });
  },
  /** `title` says what did not happen: "Could not disable ana@example.com". */
  failed(title: string, error?: unknown): void {
    const description = error === undefined ? undefined : describeError(error).detail;
    manager.add({ title, description, type: "failed", timeout: 10_000, priority: "high" });
  },
};

/** Where toasts appear; once, in the shell. F6 leads the keyboard there. */
export function Toaster() {
  return (
    <Toast.Provider toastManager={manager} limit={4}>
      <Toast.Portal>
        <Toast.Viewport className="fixed right-0 bottom-0 z-60 flex w-full flex-col gap-2 p-4 empty:hidden sm:max-w-sm">
          <Toasts />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Toasts() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((item) => (
    <Toast.Root
      key={item.id}
      toast={item}
      swipeDirection={["right", "down"]}
      className="fade-motion flex items-start gap-2.5 rounded-lg bg-raised p-3 shadow-float"
    >
      {item.type === "failed" ? (
        <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger-text" />
      ) : (
        <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-success-text" />
      )}
      <Toast.Content className="min-w-0 flex-1 text-sm">
        <Toast.Title className="font-medium" />
        <Toast.Description className="text-muted" />
      </Toast.Content>
      {item.actionProps && <Toast.Action className={buttonClass({ size: "sm" })} />}
      <Toast.Close aria-label="Dismiss" className={cx(iconButtonClass("sm"), "-my-1 -mr-1")}>
        <X aria-hidden />
      </Toast.Close>
    </Toast.Root>
  ));
}
