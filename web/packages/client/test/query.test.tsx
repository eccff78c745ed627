// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { NetworkError } from "../src/index.js";
import {
  connectQueryClient,
  itemsOf,
  meKeys,
  retryTransient,
  settingsKey,
  useCreateRole,
  useCreateUser,
  useDeleteRole,
  useDeleteUser,
  useInfiniteUsers,
  useMySessions,
  useRole,
  useRoles,
  userKeys,
  useSessions,
  useUpdateRole,
  useUpdateUser,
  useUser,
  useUsers,
} from "../src/query/index.js";
import { useMe, VestibuleProvider } from "../src/react/index.js";
import {
  ada,
  base,
  deferred,
  openTab,
  problemResponse,
  signInHandlers,
  startMockApi,
  tokenResponse,
  userWithEmail,
} from "./mock-api.js";

const api = startMockApi(...signInHandlers(new Set(["t1"])));
const users = `${base}/api/users`;

afterEach(cleanup);

async function mount<Result>(hook: () => Result) {
  const client = openTab();
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const disconnect = connectQueryClient(client, queryClient);
  await client.session.signIn(ada);
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queryClient}>
      <VestibuleProvider client={client}>{children}</VestibuleProvider>
    </QueryClientProvider>
  );
  const { result, rerender } = renderHook(hook, { wrapper });
  return { client, queryClient, result, rerender, disconnect };
}

/** Serves a list of users from an array that a test can change. */
function serveUsers(...emails: string[]) {
  const rows = emails.map((email, index) => ({ ...userWithEmail(email), id: `u${index}`, last_sign_in_at: null }));
  const list = vi.fn(() => HttpResponse.json(rows));
  api.use(http.get(users, list));
  return { rows, list };
}

describe("loading", () => {
  it("loads users page by page", async () => {
    api.use(
      http.get(users, ({ request }) =>
        new URL(request.url).searchParams.get("cursor") === "c1"
          ? HttpResponse.json([userWithEmail("b@example.com")])
          : HttpResponse.json([userWithEmail("a@example.com")], {
              headers: { Link: '</api/users?cursor=c1>; rel="next"', "X-Total-Count": "2" },
            }),
      ),
    );
    const { result } = await mount(() => useInfiniteUsers({ sort: "email" }));
    await waitFor(() => expect(result.current.hasNextPage).toBe(true));
    await act(() => result.current.fetchNextPage());
    await waitFor(() => expect(result.current.hasNextPage).toBe(false));
    expect(itemsOf(result.current.data).map(({ email }) => email)).toEqual(["a@example.com", "b@example.com"]);
    expect(result.current.data?.pages[0]?.total).toBe(2);
  });

  it("loads sessions page by page, of the current user and of another user", async () => {
    for (const path of ["users/me", "users/u1"]) {
      api.use(
        http.get(`${base}/api/${path}/sessions`, ({ request }) =>
          new URL(request.url).searchParams.get("cursor") === "c1"
            ? HttpResponse.json([{ id: `${path} 2` }])
            : HttpResponse.json([{ id: `${path} 1` }], {
                headers: { Link: `</api/${path}/sessions?limit=100&cursor=c1>; rel="next"`, "X-Total-Count": "2" },
              }),
        ),
      );
    }
    for (const [hook, path] of [
      [() => useMySessions(), "users/me"],
      [() => useSessions("u1"), "users/u1"],
    ] as const) {
      const { result } = await mount(hook);
      await waitFor(() => expect(result.current.hasNextPage).toBe(true));
      await act(() => result.current.fetchNextPage());
      await waitFor(() => expect(result.current.hasNextPage).toBe(false));
      expect(itemsOf(result.current.data).map(({ id }) => id)).toEqual([`${path} 1`, `${path} 2`]);
      expect(result.current.data?.pages[0]?.total).toBe(2);
    }
  });

  it("loads all pages of roles", async () => {
    api.use(
      http.get(`${base}/api/roles`, ({ request }) =>
        request.url.includes("cursor")
          ? HttpResponse.json([{ name: "member" }])
          : HttpResponse.json([{ name: "admin" }], { headers: { Link: '</api/roles?cursor=c1>; rel="next"' } }),
      ),
    );
    const { result } = await mount(() => useRoles());
    await waitFor(() => expect(result.current.data?.map(({ name }) => name)).toEqual(["admin", "member"]));
  });

  it("has the current user without a request after sign-in", async () => {
    const { queryClient, result } = await mount(() => useMe());
    expect(result.current.email).toBe(ada.email);
    expect(queryClient.getQueryData(meKeys.me)).toBe(result.current);
  });
});

describe("creating", () => {
  it("refetches the lists", async () => {
    const { rows } = serveUsers("a@example.com");
    api.use(
      http.post(users, () => {
        rows.push({ ...userWithEmail("b@example.com"), id: "u1", last_sign_in_at: null });
        return HttpResponse.json(rows[1], { status: 201 });
      }),
    );
    const { result } = await mount(() => ({ list: useUsers(), create: useCreateUser() }));
    await waitFor(() => expect(result.current.list.data?.items).toHaveLength(1));
    await act(() => result.current.create.mutateAsync({ body: { email: "b@example.com", password: "correct horse" } }));
    await waitFor(() => expect(result.current.list.data?.items).toHaveLength(2));
  });

  it("retries a network failure with the same idempotency key and uses a new key for the next call", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 200 });
    const keys: (string | null)[] = [];
    api.use(
      http.post(`${base}/api/roles`, ({ request }) => {
        keys.push(request.headers.get("Idempotency-Key"));
        return keys.length === 1 ? HttpResponse.error() : HttpResponse.json({ name: "x" }, { status: 201 });
      }),
    );
    const { result } = await mount(() => useCreateRole());
    const input = { body: { name: "x" } };
    await act(() => result.current.mutateAsync(input));
    await act(() => result.current.mutateAsync(input));
    await act(() => result.current.mutateAsync({ ...input, idempotencyKey: "mine" }));
    vi.useRealTimers();
    expect(keys).toHaveLength(4);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
    expect(keys[3]).toBe('"mine"');
  });
});

describe("updating a user", () => {
  async function mountWithUser() {
    const { rows } = serveUsers("a@example.com", "b@example.com");
    api.use(http.get(`${users}/u0`, () => HttpResponse.json(rows[0], { headers: { ETag: '"1"' } })));
    const mounted = await mount(() => ({
      page: useUsers(),
      pages: useInfiniteUsers(),
      user: useUser("u0"),
      update: useUpdateUser(),
    }));
    const { result } = mounted;
    await waitFor(() =>
      expect(result.current.page.data && result.current.pages.data && result.current.user.data).toBeTruthy(),
    );
    const shown = () => [
      result.current.page.data?.items[0]?.status,
      itemsOf(result.current.pages.data)[0]?.status,
      result.current.user.data?.status,
    ];
    return { ...mounted, rows, shown };
  }

  it("shows the change in all lists and details before the server responds", async () => {
    const { result, rows, shown } = await mountWithUser();
    const response = deferred<Response>();
    api.use(http.patch(`${users}/u0`, () => response.promise));
    act(() => result.current.update.mutate({ user_id: "u0", body: { status: "disabled" }, ifMatch: '"1"' }));
    await waitFor(() => expect(shown()).toEqual(["disabled", "disabled", "disabled"]));
    expect(result.current.page.data?.items[1]?.status).toBe("active");
    rows[0] = { ...rows[0], status: "disabled" } as (typeof rows)[0];
    await act(async () => response.resolve(HttpResponse.json(rows[0], { headers: { ETag: '"2"' } })));
    await waitFor(() => expect(result.current.update.isSuccess).toBe(true));
    expect(shown()).toEqual(["disabled", "disabled", "disabled"]);
  });

  it("rolls back without a refetch if the server rejects it", async () => {
    const { result, shown } = await mountWithUser();
    api.use(
      http.patch(`${users}/u0`, () => problemResponse(409, "last_admin")),
      http.get(users, () => HttpResponse.error()),
      http.get(`${users}/u0`, () => HttpResponse.error()),
    );
    await act(() => result.current.update.mutateAsync({ user_id: "u0", body: { status: "disabled" } }).catch(() => {}));
    await waitFor(() => expect(result.current.update.isError).toBe(true));
    expect(shown()).toEqual(["active", "active", "active"]);
  });
});

describe("a role that someone else has changed", () => {
  async function mountWithOutdatedRole() {
    let version = 1;
    const role = `${base}/api/roles/r1`;
    api.use(
      http.get(role, () => HttpResponse.json({ id: "r1", name: "support" }, { headers: { ETag: `"${version}"` } })),
      http.patch(role, () => problemResponse(412, "stale")),
      http.delete(role, () => problemResponse(412, "stale")),
    );
    const { result } = await mount(() => ({ role: useRole("r1"), update: useUpdateRole(), remove: useDeleteRole() }));
    await waitFor(() => expect(result.current.role.data?.etag).toBe('"1"'));
    version = 2;
    return result;
  }

  it("is refetched after an update", async () => {
    const result = await mountWithOutdatedRole();
    const input = { role_id: "r1", body: { name: "help-desk" }, ifMatch: '"1"' };
    await act(() => result.current.update.mutateAsync(input).catch(() => {}));
    expect(result.current.role.data?.etag).toBe('"2"');
  });

  it("is refetched after a deletion", async () => {
    const result = await mountWithOutdatedRole();
    await act(() => result.current.remove.mutateAsync({ role_id: "r1", ifMatch: '"1"' }).catch(() => {}));
    expect(result.current.role.data?.etag).toBe('"2"');
  });
});

describe("deleting a user", () => {
  it("does not refetch a mounted detail, and removes it from the cache after unmount", async () => {
    const { rows } = serveUsers("a@example.com");
    const getUser = vi.fn(() =>
      rows.length > 0 ? HttpResponse.json(rows[0]) : problemResponse(404, "user_not_found"),
    );
    api.use(
      http.get(`${users}/u0`, getUser),
      http.delete(`${users}/u0`, () => {
        rows.length = 0;
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const { queryClient, result, rerender } = await mount(() => ({
      list: useUsers(),
      user: useUser("u0"),
      remove: useDeleteUser(),
    }));
    await waitFor(() => expect(result.current.list.data?.items && result.current.user.data).toBeTruthy());
    await act(() => result.current.remove.mutateAsync({ user_id: "u0" }));
    rerender();
    await waitFor(() => expect(result.current.list.data?.items).toHaveLength(0));
    expect(result.current.user.data?.email).toBe("a@example.com");
    expect(getUser).toHaveBeenCalledTimes(1);
    cleanup();
    expect(queryClient.getQueryData(userKeys.detail("u0"))).toBeUndefined();
  });

  it("refetches the lists if the user is already deleted", async () => {
    const { rows } = serveUsers("a@example.com");
    api.use(
      http.delete(`${users}/u0`, () => {
        rows.length = 0;
        return problemResponse(404, "user_not_found");
      }),
    );
    const { result } = await mount(() => ({ list: useUsers(), remove: useDeleteUser() }));
    await waitFor(() => expect(result.current.list.data?.items).toHaveLength(1));
    await act(() => result.current.remove.mutateAsync({ user_id: "u0" }).catch(() => {}));
    await waitFor(() => expect(result.current.list.data?.items).toHaveLength(0));
  });
});

describe("the cache", () => {
  it("keeps only the settings after a sign-out", async () => {
    serveUsers("a@example.com");
    const { client, queryClient, result } = await mount(() => useUsers());
    await waitFor(() => expect(result.current.isSuccess).toBe(true));
    queryClient.setQueryData(settingsKey, { mail: true });
    queryClient.setQueryData(["orders"], ["order of the app"]);
    cleanup();
    await client.session.signOut();
    expect(queryClient.getQueryData(meKeys.me)).toBeUndefined();
    expect(queryClient.getQueryData(userKeys.page({}))).toBeUndefined();
    expect(queryClient.getQueryData(settingsKey)).toEqual({ mail: true });
    expect(queryClient.getQueryData(["orders"])).toEqual(["order of the app"]);
  });

  it("keeps no data of the previous user after another user signs in", async () => {
    const { client, queryClient } = await mount(() => null);
    queryClient.setQueryData(userKeys.detail("u0"), { id: "u0" });
    api.use(
      http.post(`${base}/api/auth/login`, () => HttpResponse.json(tokenResponse("g1", { session_id: "s2" }))),
      http.get(`${base}/api/users/me`, () => HttpResponse.json(userWithEmail("grace@example.com"))),
    );
    await client.session.signIn(ada);
    expect(queryClient.getQueryData(userKeys.detail("u0"))).toBeUndefined();
    expect(queryClient.getQueryData(meKeys.me)).toMatchObject({ email: "grace@example.com" });
  });

  it("is left unchanged after disconnecting", async () => {
    const { client, queryClient, disconnect } = await mount(() => null);
    disconnect();
    await client.session.signOut();
    expect(queryClient.getQueryData(meKeys.me)).toMatchObject({ email: ada.email });
  });
});

it("retries network failures and 5xx responses, but no other errors", async () => {
  api.use(http.get(users, () => problemResponse(503, "unavailable"), { once: true }));
  const { client } = await mount(() => null);
  const unavailable = await client.listUsers().catch((error: Error) => error);
  api.use(http.get(users, () => problemResponse(403, "forbidden")));
  const forbidden = await client.listUsers().catch((error: Error) => error);
  expect(retryTransient(0, unavailable as Error)).toBe(true);
  expect(retryTransient(3, unavailable as Error)).toBe(false);
  expect(retryTransient(0, new NetworkError(null))).toBe(true);
  expect(retryTransient(0, forbidden as Error)).toBe(false);
});
