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
    texts: { "name:taken": "There is a role of this name." },
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

function refusal(status: number, code: string, errors: object[] = []) {
  const body = { code, status, detail: "Not so", request_id: "r-1", errors };
  return new ProblemError(new Response(null, { status }), body as never);
}

async function submit(send: (values: { name: string }) => Promise<unknown>, name = "auditors") {
  render(<RoleForm send={send} />);
  const input = screen.getByLabelText("Name");
  if (name) await userEvent.type(input, name);
  await userEvent.click(screen.getByRole("button"));
  return input;
}

it("sends what was filled in", async () => {
  const send = vi.fn().mockResolvedValue(undefined);
  await submit(send);
  expect(send).toHaveBeenCalledExactlyOnceWith({ name: "auditors" });
});

it("says what is missing before it asks the server, at the field, which gets the focus", async () => {
  const send = vi.fn();
  const input = await submit(send, "");
  expect(send).not.toHaveBeenCalled();
  expect(input.getAttribute("aria-invalid")).toBe("true");
  expect(document.activeElement).toBe(input);
  expect(screen.getByText("Enter a name.")).toBeDefined();
});

it("takes a JSON pointer to the field of that name, in the form's own words where it has some", async () => {
  const taken = { pointer: "/name", code: "taken", detail: "Role name already taken" };
  const input = await submit(() => Promise.reject(refusal(409, "role_name_taken", [taken])));
  expect(document.getElementById(input.getAttribute("aria-describedby") ?? "")?.textContent).toBe(
    "There is a role of this name.",
  );
  expect(document.activeElement).toBe(input);
  expect(screen.queryByRole("alert")).toBeNull();
});

it("forgets the server's complaint as soon as the value is changed", async () => {
  const long = { pointer: "/name", code: "too_long", detail: "Is too long" };
  const input = await submit(() => Promise.reject(refusal(422, "validation_failed", [long])));
  expect(screen.getByText("This is too long.")).toBeDefined();
  await userEvent.type(input, "x");
  expect(screen.queryByText("This is too long.")).toBeNull();
});

it("shows above the button what no field of the form is to blame for", async () => {
  const elsewhere = { pointer: "/description", code: "too_long", detail: "Is too long" };
  await submit(() => Promise.reject(refusal(422, "validation_failed", [elsewhere])));
  expect(screen.getByRole("alert").textContent).toContain("Could not create the role");
});
