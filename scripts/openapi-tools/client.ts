// Calls a server with the client that @hey-api/openapi-ts generated.
import assert from "node:assert/strict";
import { createUser, deleteOtherSessions, listUsers, login } from "./generated/hey-api";
import { client } from "./generated/hey-api/client.gen";

const { BASE_URL, ADMIN_EMAIL = "", ADMIN_PASSWORD = "" } = process.env;
const [email, password] = ["hey-api@example.com", "correct horse battery"];

let token: string | undefined;
client.setConfig({ baseUrl: BASE_URL, auth: () => token });

async function signIn(email: string, password: string) {
  const { data } = await login({ body: { email, password }, throwOnError: true });
  assert.equal(data.token_type, "bearer");
  token = data.access_token;
}

const created = await createUser({ body: { email, password } });
assert.equal(created.response?.status, 201);
assert.equal(created.data?.status, "active");

await signIn(ADMIN_EMAIL, ADMIN_PASSWORD);
const { data: users } = await listUsers({ query: { sort: "email", status: "active" }, throwOnError: true });
assert.ok(users.some((user) => user.email === email));

await signIn(email, password);
const rejected = await createUser({ body: { email: "short@example.com", password: "short" } });
assert.equal(rejected.response?.status, 422);
assert.equal(rejected.error?.code, "validation_failed");
assert.deepEqual(
  rejected.error?.errors?.map(({ pointer, code }) => [pointer, code]),
  [["/password", "too_short"]],
);

const { response } = await deleteOtherSessions();
assert.equal(response?.status, 204);
