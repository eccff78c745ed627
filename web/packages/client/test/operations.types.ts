// Type tests for the input and the result of operations. The type checker runs them.
import { expectTypeOf } from "vitest";
import type { Operations, Page, Permission, Role, User, UserRow, Versioned } from "../src/index.js";

export async function operationsAreTyped(client: Operations) {
  expectTypeOf(await client.getUser({ user_id: "1" })).toEqualTypeOf<Versioned<User>>();
  expectTypeOf(await client.createRole({ body: { name: "x" } })).toEqualTypeOf<Versioned<Role>>();
  expectTypeOf(await client.updateRole({ role_id: "1", body: {}, ifMatch: '"3"' })).toEqualTypeOf<Versioned<Role>>();
  expectTypeOf(await client.listUsers()).toEqualTypeOf<Page<UserRow>>();
  expectTypeOf(await client.listUsers({ q: "ada", status: "active", limit: 20 })).toEqualTypeOf<Page<UserRow>>();
  expectTypeOf(await client.listPermissions()).toEqualTypeOf<Permission[]>();
  expectTypeOf(await client.deleteUser({ user_id: "1" })).toEqualTypeOf<undefined>();
  expectTypeOf(await client.requestPasswordReset({ body: { email: "" } })).toEqualTypeOf<undefined>();

  expectTypeOf(client.requestPasskey({ body: { challenge: "c" } })).toEqualTypeOf(client.requestPasskey());

  // @ts-expect-error user_id is missing
  await client.getUser({});
  // @ts-expect-error unknown parameter
  await client.listUsers({ nonsense: 1 });
  // @ts-expect-error a new resource has no version
  await client.createRole({ body: { name: "x" }, ifMatch: "1" });
  // @ts-expect-error a list has no version
  await client.listPermissions({ ifMatch: "1" });
  // @ts-expect-error sign-in is a function of the session
  await client.login({ body: { email: "", password: "" } });
  // @ts-expect-error a second factor completes a sign-in
  await client.proveSecondFactor({ body: { challenge: "c", method: "totp", code: "123456" } });
}
