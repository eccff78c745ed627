import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { App } from "../src/App";

const url = "http://localhost:8000";
const users = [{ id: "u1", email: "ada@example.com", created_at: "2026-01-02T00:00:00.000000Z" }];
const errorResponse = (status: number, detail: string) => HttpResponse.json({ detail }, { status });

const server = setupServer(
  http.get(`${url}/api/users`, ({ request }) => {
    const authorization = request.headers.get("Authorization");
    if (authorization === null) return errorResponse(401, "Not authenticated");
    return authorization === "Bearer valid"
      ? HttpResponse.json(users)
      : errorResponse(401, "Invalid authentication credentials");
  }),
  http.post(`${url}/api/users`, async ({ request }) => {
    const { email } = (await request.json()) as { email: string };
    if (users.some((user) => user.email === email)) return errorResponse(400, "Email already registered");
    users.push({ id: "u2", email, created_at: "2026-01-03T00:00:00.000000Z" });
    return HttpResponse.json(users[1], { status: 201 });
  }),
  http.post(`${url}/api/auth/login`, () => HttpResponse.json({ access_token: "valid", token_type: "bearer" })),
);

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
beforeEach(() => {
  localStorage.clear();
  users.length = 1;
});
afterEach(cleanup);
afterAll(() => server.close());

function renderApp() {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <App />
    </QueryClientProvider>,
  );
}

function submitForm(form: string, email: string) {
  const fields = within(screen.getByRole("form", { name: form }));
  fireEvent.change(fields.getByLabelText("Email"), { target: { value: email } });
  fireEvent.change(fields.getByLabelText("Password"), { target: { value: "correct horse battery" } });
  fireEvent.click(fields.getByRole("button"));
}

it("shows an error when signed out, and the users after sign-in", async () => {
  renderApp();
  expect((await screen.findByRole("alert")).textContent).toBe("Not authenticated");
  submitForm("Sign in", "ada@example.com");
  expect(await screen.findByText(/ada@example.com/)).toBeTruthy();
  expect(localStorage.getItem("token")).toBe("valid");
  fireEvent.click(screen.getByRole("button", { name: "Sign out" }));
  expect((await screen.findByRole("alert")).textContent).toBe("Not authenticated");
});

it("shows an error for an invalid token", async () => {
  localStorage.setItem("token", "invalid");
  renderApp();
  expect((await screen.findByRole("alert")).textContent).toBe("Invalid authentication credentials");
});

it("creates a user and shows it in the list", async () => {
  localStorage.setItem("token", "valid");
  renderApp();
  submitForm("Create a user", "grace@example.com");
  expect(await screen.findByText(/grace@example.com/)).toBeTruthy();
});

it("shows an error for a taken email", async () => {
  localStorage.setItem("token", "valid");
  renderApp();
  submitForm("Create a user", "ada@example.com");
  expect((await screen.findByRole("alert")).textContent).toBe("Email already registered");
});
