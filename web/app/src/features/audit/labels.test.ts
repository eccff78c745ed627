import { expect, test } from "vitest";
import { actionGroups, actions } from "./labels";

test("every action belongs to exactly one group of the filter", () => {
  const grouped = actionGroups.flatMap((group) => group.actions);
  expect(grouped.toSorted()).toEqual(actions.toSorted());
});
