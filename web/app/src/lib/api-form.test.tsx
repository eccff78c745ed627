// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { ProblemError } from "@vestibule/client";
import { afterEach, expect, it, vi } from "vitest";
import * as z from "zod/mini";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { FormError } from "../ui/form-error";
import { Input } from "../ui/input";
import { useApiForm } from "./api-form";

afterEach(cleanup);

const schema = z.object({ name: z.string().check(z.minLength(1, "Enter a name.")) });

function RoleForm({ send }: { send(values: { name: string }): Promise<unknown> }) {
  const { register, onSubmit, errorAt, busy, failure } = useApiForm({
    schema,
    defaultValues: { name: "" },
    send,
    texts: { "name:taken": "A role with this name already exists." },
  });
  return (
    <form onSubmit={onSubmit} noValidate>
      <FormError error={failure} title="Could not create the role" />
      <Field label="Name" error={errorAt("name")}>
        <Input {...register("name")} />
      </Field>
      <Button type="submit" busy={busy}>
        Create
      </Button>
    </form>
  );
}

function problem(status: number, code: string, errors: object[] = []) {
  const body = { code, status, detail: "Rejected", request_id: "r-1", errors };
  return new ProblemError(new Response(null, { status }), body as never);
}

async function submit(send: (values: { name: string }) => Promise<unknown>, name = "auditors") {
  render(<RoleForm send={send} />);
  const input = screen.getByLabelText("Name");
  if (name) await userEvent.type(input, name);
  await userEvent.click(screen.getByRole("button"));
  return input;
}

it("sends the values", async () => {
  const send = vi.fn().mockResolvedValue(undefined);
  await submit(send);
  expect(send).toHaveBeenCalledExactlyOnceWith({ name: "auditors" });
});

it("shows a schema error at the focused field without a request", async () => {
  const send = vi.fn();
  const input = await submit(send, "");
  expect(send).not.toHaveBeenCalled();
  expect(input.getAttribute("aria-invalid")).toBe("true");
  expect(document.activeElement).toBe(input);
  expect(screen.getByText("Enter a name.")).toBeDefined();
});

it("maps a JSON pointer to its field and prefers the text of the form", async () => {
  const taken = { pointer: "/name", code: "taken", detail: "Role name already taken" };
  const input = await submit(() => Promise.reject(problem(409, "role_name_taken", [taken])));
  expect(document.getElementById(input.getAttribute("aria-describedby") ?? "")?.textContent).toBe(
    "A role with this name already exists.",
  );
  expect(document.activeElement).toBe(input);
  expect(screen.queryByRole("alert")).toBeNull();
});

it("clears a server error when the value changes", async () => {
  const tooLong = { pointer: "/name", code: "too_long", detail: "Is too long" };
  const input = await submit(() => Promise.reject(problem(422, "validation_failed", [tooLong])));
  expect(screen.getByText("This is too long.")).toBeDefined();
  await userEvent.type(input, "x");
  expect(screen.queryByText("This is too long.")).toBeNull();
});

it("shows an error without a matching field as the failure of the form", async () => {
  const unmapped = { pointer: "/description", code: "too_long", detail: "Is too long" };
  await submit(() => Promise.reject(problem(422, "validation_failed", [unmapped])));
  expect(screen.getByRole("alert").textContent).toContain("Could not create the role");
});
