import type { Locator, Page } from "@playwright/test";

/** Returns the rows of a list, without the header. */
export function rows(page: Page): Locator {
  return page.getByRole("row").filter({ has: page.getByRole("rowheader") });
}

/** Returns the control of a field, which may be optional. The label has no special characters. */
export function control(scope: Page | Locator, label: string): Locator {
  return scope.getByLabel(new RegExp(`^${label}( \\(optional\\))?$`)).and(scope.locator("input, select, textarea"));
}

/** Selects a resource in the control of a reference. */
export async function selectReference(reference: Locator, name: string): Promise<void> {
  await reference.fill(name);
  await reference.page().getByRole("option", { name }).click();
}
