// @vitest-environment jsdom
import { expect, it, vi } from "vitest";
import { actionGroups, actionLabel, actionLabels, detailLabel } from "./labels";

vi.mock("../../lib/resources", () => ({
  resourceKinds: { user: { label: "Users" }, role: { label: "Roles" }, project_task: { label: "Project tasks" } },
}));

it("has every action in exactly one group of the filter", () => {
  const grouped = actionGroups.flatMap(({ options }) => options.map(({ value }) => value));
  expect(grouped.toSorted()).toEqual(Object.keys(actionLabels).toSorted());
});

it("has a group for each other kind of resource", () => {
  expect(actionGroups.at(-1)).toEqual({
    label: "Project tasks",
    options: [
      { value: "project_task.created", label: "Project task created" },
      { value: "project_task.updated", label: "Project task updated" },
      { value: "project_task.deleted", label: "Project task deleted" },
    ],
  });
});

it("converts names that it does not know to text", () => {
  expect(actionLabel("invoice.sent")).toBe("Invoice sent");
  expect(detailLabel("new_email")).toBe("New email");
});
