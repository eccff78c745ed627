import { describeError } from "../lib/problem";

export interface ToastAction {
  label: string;
  run(): void;
}

export interface ToastItem {
  id: number;
  tone: "done" | "failed";
  title: string;
  detail?: string | undefined;
  action?: ToastAction | undefined;
  /** How long it stays, in milliseconds. */
  duration: number;
}

/** More are not shown at once; the oldest goes. */
const LIMIT = 4;

let items: readonly ToastItem[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function replace(next: readonly ToastItem[]): void {
  items = next;
  for (const listener of listeners) listener();
}

function add(item: Omit<ToastItem, "id">): void {
  lastId += 1;
  replace([...items, { ...item, id: lastId }].slice(-LIMIT));
}

/**
 * Says what was done, for whatever leaves no other trace on the screen. Never the only place of an
 * error that needs an answer: forms and lists show theirs where they are.
 */
export const toast = {
  done(title: string, action?: ToastAction): void {
    add({ tone: "done", title, action, duration: action ? 10_000 : 5000 });
  },
  /** `title` says what did not happen: "Could not disable ana@example.com". */
  failed(title: string, error?: unknown): void {
    const detail = error === undefined ? undefined : describeError(error).detail;
    add({ tone: "failed", title, detail, duration: 12_000 });
  },
};

/** What the `Toaster` shows. */
export const toasts = {
  get: () => items,
  dismiss: (id: number) => replace(items.filter((item) => item.id !== id)),
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
