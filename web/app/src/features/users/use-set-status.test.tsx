// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { createClient, type Page, type UserRow } from "@vestibule/client";
import { itemsOf, type Pages, userKeys } from "@vestibule/client/query";
import { VestibuleProvider } from "@vestibule/client/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { toastStore } from "../../ui/toast";
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
  invited: false,
};
const list = userKeys.infiniteList({});
const disabled = () => Response.json({ ...ana, status: "disabled" }, { headers: { ETag: '"2"' } });
const lastAdmin = () =>
  Response.json(
    { code: "last_admin", status: 409, title: "Rejected", detail: "Rejected", request_id: "r-1", type: "about:blank" },
    { status: 409, headers: { "Content-Type": "application/problem+json" } },
  );

let cache: QueryClient;
/** Responds to the pending request. */
let respond: (response: Response) => void;
const sent = vi.fn();

beforeEach(() => {
  cache = new QueryClient();
  const page: Page<UserRow> = { items: [ana], next: null, total: 1, totalIsLowerBound: false };
  cache.setQueryData<Pages<UserRow>>(list, { pages: [page], pageParams: [undefined] });
  vi.stubGlobal("fetch", async (request: Request) => {
    sent(request.method, await request.json());
    return new Promise<Response>((resolve) => {
      respond = resolve;
    });
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  sent.mockClear();
  for (const { id } of toastStore.get()) toastStore.dismiss(id);
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

it("shows the new status before the response, then offers to undo it", async () => {
  await disableAna();
  expect(shown()).toEqual(["disabled"]);
  expect(toastStore.get()).toEqual([]);

  await act(async () => respond(disabled()));
  await waitFor(() => expect(toastStore.get().map(({ title }) => title)).toEqual(["Disabled ana@example.com"]));
  expect(shown()).toEqual(["disabled"]);

  toastStore.get()[0]?.action?.run();
  await waitFor(() => expect(sent).toHaveBeenLastCalledWith("PATCH", { status: "active" }));
});

it("restores the old status and shows the error after a failure", async () => {
  await disableAna();
  expect(shown()).toEqual(["disabled"]);

  await act(async () => respond(lastAdmin()));
  await waitFor(() => expect(shown()).toEqual(["active"]));
  const [shownToast] = toastStore.get();
  expect(shownToast?.title).toBe("Could not disable ana@example.com");
  expect(shownToast?.detail).toContain("last active administrator");
});
