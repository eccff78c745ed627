// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { createClient, type Page, type UserRow } from "@vestibule/client";
import { itemsOf, type Pages, userKeys } from "@vestibule/client/query";
import { VestibuleProvider } from "@vestibule/client/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { toasts } from "../../ui/toast";
import { useSetStatus } from "./use-set-status";

const ana: UserRow = {
  id: "01933b1e-7c00-7000-8000-000000000001",
  email: "ana@example.com",
  display_name: null,
  status: "active",
  email_verified: true,
  roles: ["admin"],
  created_at: "2026-11-24T09:00:00.000000Z",
  updated_at: "2026-11-24T09:00:00.000000Z",
  last_sign_in_at: null,
};
const list = userKeys.infiniteList({});
const disabled = () => Response.json({ ...ana, status: "disabled" }, { headers: { ETag: '"2"' } });
const lastAdmin = () =>
  Response.json(
    { code: "last_admin", status: 409, title: "Not so", detail: "Not so", request_id: "r-1", type: "about:blank" },
    { status: 409, headers: { "Content-Type": "application/problem+json" } },
  );

let cache: QueryClient;
/** Answers the change that is on its way. */
let answer: (response: Response) => void;
const sent = vi.fn();

beforeEach(() => {
  cache = new QueryClient();
  const page: Page<UserRow> = { items: [ana], next: null, total: 1, totalIsBound: false };
  cache.setQueryData<Pages<UserRow>>(list, { pages: [page], pageParams: [undefined] });
  vi.stubGlobal("fetch", async (request: Request) => {
    sent(request.method, await request.json());
    return new Promise<Response>((resolve) => {
      answer = resolve;
    });
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  sent.mockClear();
  for (const { id } of toasts.get()) toasts.dismiss(id);
});

function Providers({ children }: { children: ReactNode }) {
  const client = createClient({ baseUrl: "http://localhost:3000" });
  return (
    <QueryClientProvider client={cache}>
      <VestibuleProvider client={client}>{children}</VestibuleProvider>
    </QueryClientProvider>
  );
}

const shown = () => itemsOf(cache.getQueryData<Pages<UserRow>>(list)).map(({ status }) => status);

async function disableAna() {
  const { result } = renderHook(useSetStatus, { wrapper: Providers });
  act(() => void result.current(ana, "disabled"));
  await waitFor(() => expect(sent).toHaveBeenCalledExactlyOnceWith("PATCH", { status: "disabled" }));
}

it("shows the new status while the server is still at it, and offers to undo it", async () => {
  await disableAna();
  expect(shown()).toEqual(["disabled"]);
  expect(toasts.get()).toEqual([]);

  await act(async () => answer(disabled()));
  await waitFor(() => expect(toasts.get().map(({ title }) => title)).toEqual(["Disabled ana@example.com"]));
  expect(shown()).toEqual(["disabled"]);

  toasts.get()[0]?.action?.run();
  await waitFor(() => expect(sent).toHaveBeenLastCalledWith("PATCH", { status: "active" }));
});

it("puts the old status back when the server refuses, and says why", async () => {
  await disableAna();
  expect(shown()).toEqual(["disabled"]);

  await act(async () => answer(lastAdmin()));
  await waitFor(() => expect(shown()).toEqual(["active"]));
  const [failed] = toasts.get();
  expect(failed?.title).toBe("Could not disable ana@example.com");
  expect(failed?.detail).toContain("last active administrator");
});
