// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import * as z from "zod/mini";
import { EditForm } from "../ui/edit-form";
import { TextField } from "../ui/form-fields";
import { optional, text } from "./field-values";
import { useEditForm } from "./use-edit-form";

afterEach(cleanup);

interface Project {
  id: string;
  name: string;
  description: string | null;
  etag: string;
}

const first: Project = { id: "p1", name: "Apollo", description: "Moon", etag: '"1"' };
const second: Project = { ...first, description: "Mars", etag: '"2"' };

const schema = z.object({ name: text(), description: optional(text()) });
const save = vi.fn(async (changes: Partial<Project>, base: Project) => ({ ...base, ...changes, etag: '"9"' }));

afterEach(() => save.mockClear());

function ProjectForm({ latest }: { latest: Project }) {
  const edit = useEditForm({ latest, schema, toValues: (project) => z.encode(schema, project), save });
  return (
    <EditForm edit={edit} resource="project">
      <TextField {...edit.field("name")} label="Name" />
      <TextField {...edit.field("description")} label="Description" />
    </EditForm>
  );
}

const input = (label: string) => screen.getByLabelText<HTMLInputElement>(label);
const click = (name: string) => userEvent.click(screen.getByRole("button", { name }));

async function type(label: string, value: string) {
  await userEvent.clear(input(label));
  if (value) await userEvent.type(input(label), value);
}

it("sends only the changed fields, converted, with the version that they are based on", async () => {
  render(<ProjectForm latest={first} />);
  await type("Description", "");
  await click("Save");
  expect(save).toHaveBeenCalledExactlyOnceWith({ description: null }, first, { name: "Apollo", description: null });
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Save" }).disabled).toBe(true);
});

it("does not send a field with only added spaces", async () => {
  render(<ProjectForm latest={first} />);
  await type("Name", " Apollo ");
  await type("Description", "Mars");
  await click("Save");
  expect(save.mock.calls[0]?.[0]).toEqual({ description: "Mars" });
});

it("follows the latest version until it is changed", () => {
  const { rerender } = render(<ProjectForm latest={first} />);
  rerender(<ProjectForm latest={second} />);
  expect(input("Description").value).toBe("Mars");
});

it("never overwrites changes, and applies them to the latest version on request", async () => {
  const { rerender } = render(<ProjectForm latest={first} />);
  await type("Name", "Artemis");
  rerender(<ProjectForm latest={second} />);
  expect(screen.getByText("Someone else changed this project")).toBeDefined();
  expect(input("Description").value).toBe("Moon");
  await click("Reload and keep my changes");
  expect([input("Name").value, input("Description").value]).toEqual(["Artemis", "Mars"]);
  await click("Save");
  expect(save).toHaveBeenCalledExactlyOnceWith({ name: "Artemis" }, second, { name: "Artemis", description: "Mars" });
});

it("discards the changes", async () => {
  const { rerender } = render(<ProjectForm latest={first} />);
  await type("Name", "Artemis");
  rerender(<ProjectForm latest={second} />);
  await click("Discard changes");
  expect([input("Name").value, input("Description").value]).toEqual(["Apollo", "Mars"]);
  expect(screen.queryByText("Someone else changed this project")).toBeNull();
});
