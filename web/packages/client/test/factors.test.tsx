// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  connectQueryClient,
  meKeys,
  useAddPasskey,
  useConfirmTotp,
  useDeletePasskey,
  useDeleteTotp,
  useFactors,
  useReplaceRecoveryCodes,
  useResetUserFactors,
  userKeys,
  useUpdateMe,
  useUpdatePasskey,
  useUserFactors,
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
  userWithEmail,
} from "./mock-api.js";
import { attestation, creationOptions, removePasskeys, stubPasskeys } from "./passkey-browser.js";

const api = startMockApi(...signInHandlers(new Set(["t1"])));
const me = `${base}/api/users/me`;
const rpId = "vestibule.test";
const userId = "dXNlcg";

afterEach(() => {
  cleanup();
  removePasskeys();
});

const passkey = (id: string) => ({ id, credential_id: `credential-${id}`, name: id });
const noContent = () => new HttpResponse(null, { status: 204 });

/** Serves the factors of the current user from an object that a test can change. */
function serveFactors(...ids: string[]) {
  const factors = { rp_id: rpId, user_handle: userId, totp: null, passkeys: ids.map(passkey) };
  const load = vi.fn(() => HttpResponse.json(factors));
  api.use(http.get(`${me}/factors`, load));
  return { factors, load };
}

async function mount<Result>(hook: () => Result) {
  const client = openTab();
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  connectQueryClient(client, queryClient);
  await client.signIn(ada);
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queryClient}>
      <VestibuleProvider client={client}>{children}</VestibuleProvider>
    </QueryClientProvider>
  );
  return { client, queryClient, ...renderHook(hook, { wrapper }) };
}

describe("a change of the factors", () => {
  it("reloads them and the current user, whose permissions can depend on them", async () => {
    const { factors } = serveFactors();
    const { result } = await mount(() => ({ user: useMe(), factors: useFactors(), confirm: useConfirmTotp() }));
    await waitFor(() => expect(result.current.factors.data?.totp).toBeNull());
    const totp = { confirmed_at: "2026-01-01T00:00:00.000000Z" };
    api.use(
      http.post(`${me}/totp/confirm`, () => {
        Object.assign(factors, { totp });
        return HttpResponse.json({ recovery_codes: ["a"] });
      }),
      http.get(me, () => HttpResponse.json({ ...userWithEmail(ada.email), permissions: ["roles:read"] })),
    );
    const confirmed = await act(() => result.current.confirm.mutateAsync({ body: { code: "123456" } }));
    expect(confirmed).toEqual({ recovery_codes: ["a"] });
    await waitFor(() => expect(result.current.factors.data?.totp).toEqual(totp));
    expect(result.current.user.permissions).toEqual(["roles:read"]);
  });

  it("succeeds even if they cannot be reloaded", async () => {
    serveFactors("p1");
    const { result, queryClient } = await mount(() => useReplaceRecoveryCodes());
    queryClient.setQueryData(meKeys.factors, {});
    const { signalAllAcceptedCredentials } = stubPasskeys();
    api.use(
      http.post(`${me}/recovery-codes`, () => HttpResponse.json({ recovery_codes: ["a"] })),
      http.get(`${me}/factors`, () => problemResponse(503, "unavailable")),
    );
    expect(await act(() => result.current.mutateAsync())).toEqual({ recovery_codes: ["a"] });
    expect(queryClient.getQueryState(meKeys.factors)?.isInvalidated).toBe(true);
    expect(signalAllAcceptedCredentials).not.toHaveBeenCalled();
  });

  it("does not reload them if it fails", async () => {
    const { load } = serveFactors();
    const { result } = await mount(() => useDeleteTotp());
    api.use(http.delete(`${me}/totp`, () => problemResponse(409, "last_credential")));
    await act(() => result.current.mutateAsync().catch(() => {}));
    expect(load).not.toHaveBeenCalled();
  });

  it("of a user is loaded by the user's id and invalidates what depends on it", async () => {
    const load = vi.fn(() => HttpResponse.json({ passkeys: [] }));
    api.use(
      http.get(`${base}/api/users/u1/factors`, load),
      http.delete(`${base}/api/users/u1/factors`, () => noContent()),
    );
    const { result, queryClient } = await mount(() => ({
      factors: useUserFactors("u1"),
      reset: useResetUserFactors(),
    }));
    await waitFor(() => expect(result.current.factors.isSuccess).toBe(true));
    queryClient.setQueryData(userKeys.sessions("u1"), {});
    await act(() => result.current.reset.mutateAsync({ user_id: "u1" }));
    expect(load).toHaveBeenCalledTimes(2);
    expect(queryClient.getQueryState(userKeys.sessions("u1"))?.isInvalidated).toBe(true);
  });
});

describe("the password manager", () => {
  it("learns the passkeys after one was added", async () => {
    const { signalAllAcceptedCredentials } = stubPasskeys();
    const { factors } = serveFactors("p1");
    const options = { challenge_id: "o1", public_key: creationOptions, expires_in: 300 };
    api.use(
      http.post(`${me}/passkeys/options`, () => HttpResponse.json(options)),
      http.post(`${me}/passkeys`, async ({ request }) => {
        expect(await request.json()).toEqual({ challenge_id: "o1", credential: attestation });
        factors.passkeys.push(passkey("p2"));
        return HttpResponse.json(passkey("p2"), { status: 201 });
      }),
    );
    const { result } = await mount(() => useAddPasskey());
    expect(await act(() => result.current.mutateAsync())).toMatchObject({ id: "p2" });
    expect(signalAllAcceptedCredentials).toHaveBeenCalledExactlyOnceWith({
      rpId,
      userId,
      allAcceptedCredentialIds: ["credential-p1", "credential-p2"],
    });
  });

  it("never learns a list that was requested before the change", async () => {
    const { signalAllAcceptedCredentials } = stubPasskeys();
    const { factors } = serveFactors("p1", "p2");
    const late = deferred<Response>();
    api.use(
      http.get(`${me}/factors`, () => late.promise, { once: true }),
      http.patch(`${me}/passkeys/p1`, () => HttpResponse.json(passkey("p1"))),
    );
    const { result } = await mount(() => ({ factors: useFactors(), rename: useUpdatePasskey() }));
    await act(() => result.current.rename.mutateAsync({ passkey_id: "p1", body: { name: "Phone" } }));
    late.resolve(HttpResponse.json({ ...factors, passkeys: [passkey("p1")] }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const allAcceptedCredentialIds = ["credential-p1", "credential-p2"];
    expect(signalAllAcceptedCredentials).toHaveBeenCalledExactlyOnceWith({ rpId, userId, allAcceptedCredentialIds });
    expect(result.current.factors.data?.passkeys).toHaveLength(2);
  });

  it("learns which passkey was removed, and never an empty list", async () => {
    const browser = stubPasskeys();
    const { factors } = serveFactors("p1", "p2");
    api.use(
      http.delete(`${me}/passkeys/:id`, ({ params }) => {
        factors.passkeys = factors.passkeys.filter(({ id }) => id !== params.id);
        return noContent();
      }),
    );
    const { result } = await mount(() => ({ factors: useFactors(), remove: useDeletePasskey() }));
    await waitFor(() => expect(result.current.factors.isSuccess).toBe(true));
    for (const passkey_id of ["p2", "p1"]) await act(() => result.current.remove.mutateAsync({ passkey_id }));
    expect(browser.signalUnknownCredential.mock.calls).toEqual([
      [{ rpId, credentialId: "credential-p2" }],
      [{ rpId, credentialId: "credential-p1" }],
    ]);
    expect(browser.signalAllAcceptedCredentials).toHaveBeenCalledExactlyOnceWith({
      rpId,
      userId,
      allAcceptedCredentialIds: ["credential-p1"],
    });
  });

  it("learns a new name and a new email address of a user with passkeys", async () => {
    const { signalCurrentUserDetails } = stubPasskeys();
    const { factors } = serveFactors("p1");
    const renamed = { ...userWithEmail(ada.email), display_name: "Ada" };
    api.use(http.patch(me, () => HttpResponse.json(renamed)));
    const { client, result } = await mount(() => useUpdateMe());
    await act(() => result.current.mutateAsync({ body: { display_name: "Ada" } }));
    await waitFor(() => expect(signalCurrentUserDetails).toHaveBeenCalledOnce());
    api.use(http.get(me, () => HttpResponse.json({ ...renamed, email: "new@example.com" })));
    await act(() => client.getCurrentUser());
    await waitFor(() => expect(signalCurrentUserDetails).toHaveBeenCalledTimes(2));
    expect(signalCurrentUserDetails.mock.calls).toEqual([
      [{ rpId, userId, name: ada.email, displayName: "Ada" }],
      [{ rpId, userId, name: "new@example.com", displayName: "Ada" }],
    ]);
    factors.passkeys = [];
    api.use(http.get(me, () => HttpResponse.json({ ...renamed, email: "third@example.com" })));
    await act(() => client.getCurrentUser());
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(signalCurrentUserDetails).toHaveBeenCalledTimes(2);
  });
});
