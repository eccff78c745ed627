// @vitest-environment jsdom
import { expect, it, vi } from "vitest";
import { actionGroups, actionLabel, actionLabels, detailLabel } from "./labels";

vi.mock("../../lib/resources", () => ({
  resourceKinds: { user: { label: "Users" }, role: { label: "Roles" }, project_task: { label: "Project tasks" } },
}));

it("has every action in exactly one group of the filter", () => {
  const grouped = actionGroups.flatMap(({ actions }) => actions);
  expect(grouped.toSorted()).toEqual(Object.keys(actionLabels).toSorted());
});

it("has a group for each other kind of resource", () => {
  const { label, actions } = actionGroups.at(-1) ?? {};
  expect(label).toBe("Project tasks");
  expect(actions?.map(actionLabel)).toEqual(["Project task created", "Project task updated", "Project task deleted"]);
});

it("converts names that it does not know to text", () => {
  expect(actionLabel("invoice.sent")).toBe("Invoice sent");
  expect(detailLabel("new_email")).toBe("New email");
});
