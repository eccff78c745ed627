import { describeError } from "../lib/errors";

export interface ToastAction {
  label: string;
  run(): void;
}

export interface ToastItem {
  id: number;
  tone: "success" | "error";
  title: string;
  detail?: string | undefined;
  action?: ToastAction | undefined;
  /** The time until it disappears, in milliseconds. */
  duration: number;
}

/** The maximum number of toasts. A new toast removes the oldest one. */
const MAX_TOASTS = 4;

let items: readonly ToastItem[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function replace(next: readonly ToastItem[]): void {
  items = next;
  for (const listener of listeners) listener();
}

function add(item: Omit<ToastItem, "id">): void {
  lastId += 1;
  replace([...items, { ...item, id: lastId }].slice(-MAX_TOASTS));
}

/**
 * Shows a short message for an action without another visible result. Forms and lists show their errors in place, not in
 * a toast.
 */
export const toast = {
  success(title: string, action?: ToastAction): void {
    add({ tone: "success", title, action, duration: action ? 10_000 : 5000 });
  },
  /** `title` names the failed action: "Could not disable ana@example.com". `retry` runs it again. */
  error(title: string, error: unknown, retry: () => void): void {
    const { detail } = describeError(error);
    add({ tone: "error", title, detail, action: { label: "Try again", run: retry }, duration: 12_000 });
  },
};

/** The visible toasts, for the `Toaster`. */
export const toastStore = {
  get: () => items,
  dismiss: (id: number) => replace(items.filter((item) => item.id !== id)),
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
