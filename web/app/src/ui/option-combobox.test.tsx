// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, expect, it } from "vitest";
import { Field } from "./field";
import { OptionCombobox } from "./option-combobox";

afterEach(cleanup);

const groups = [
  { label: "Users", options: [{ value: "user.created", label: "User created" }] },
  { label: "Roles", options: [{ value: "role.created", label: "Role created" }] },
];

function ActionFilter({ initial }: { initial?: string }) {
  const [value, setValue] = useState<string | undefined>(initial);
  return (
    <>
      <Field label="Action" optional>
        <OptionCombobox groups={groups} value={value} onChange={setValue} placeholder="Any action" />
      </Field>
      <output>{value ?? "none"}</output>
    </>
  );
}

const input = () => screen.getByRole<HTMLInputElement>("combobox", { name: /Action/ });

it("searches the options by label and selects one with the keyboard", async () => {
  render(<ActionFilter />);
  await userEvent.type(input(), "role");
  expect(screen.getAllByRole("option").map(({ textContent }) => textContent)).toEqual(["Role created"]);
  await userEvent.keyboard("{Enter}");
  expect(input().value).toBe("Role created");
  expect(document.querySelector("output")?.textContent).toBe("role.created");
});

it("clears the selection", async () => {
  render(<ActionFilter initial="user.created" />);
  expect(input().value).toBe("User created");
  await userEvent.clear(input());
  expect(document.querySelector("output")?.textContent).toBe("none");
});

it("says that no option matches", async () => {
  render(<ActionFilter />);
  await userEvent.type(input(), "unknown");
  expect(screen.getByText("No matches. Try a different search.")).toBeDefined();
});

it("shows a selected value that is no option", () => {
  render(<ActionFilter initial="invoice.sent" />);
  expect(input().value).toBe("invoice.sent");
});
