// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { ProblemError } from "@vestibule/client";
import { afterEach, expect, it, vi } from "vitest";
import { DeleteButton } from "./delete-button";

afterEach(cleanup);

const onDeleted = vi.fn();

afterEach(() => onDeleted.mockClear());

/** Opens the dialog and confirms it. `error` is the status of the response, if it is none. */
async function confirm(error?: number) {
  const mutate = vi.fn((_input, { onSuccess, onError }) =>
    error ? onError(new ProblemError(new Response(null, { status: error }), {})) : onSuccess(),
  );
  const mutation = { mutate, isPending: false, error: null, reset: vi.fn() };
  render(
    <DeleteButton
      resource="project"
      name="Apollo"
      mutation={mutation}
      input={{ project_id: "p1", ifMatch: '"1"' }}
      onDeleted={onDeleted}
    />,
  );
  fireEvent.click(screen.getByRole("button", { name: "Delete" }));
  await screen.findByRole("alertdialog", { name: "Delete Apollo?" });
  expect(mutate).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole("button", { name: "Delete project" }));
  expect(mutate).toHaveBeenCalledExactlyOnceWith({ project_id: "p1", ifMatch: '"1"' }, expect.anything());
}

it("deletes after confirmation", async () => {
  await confirm();
  expect(onDeleted).toHaveBeenCalledOnce();
});

it("treats a resource that someone else has deleted as deleted", async () => {
  await confirm(404);
  expect(onDeleted).toHaveBeenCalledOnce();
});

it("shows what prevents the deletion", async () => {
  const error = new ProblemError(new Response(null, { status: 409 }), { code: "in_use" });
  const mutation = { mutate: vi.fn(), isPending: false, error, reset: vi.fn() };
  render(<DeleteButton resource="project" name="Apollo" mutation={mutation} input={{}} onDeleted={onDeleted} />);
  fireEvent.click(screen.getByRole("button", { name: "Delete" }));
  const dialog = await screen.findByRole("alertdialog");
  expect(dialog.textContent).toContain("Other resources refer to this project");
  expect(dialog.textContent).toContain("Change or delete them first.");
});

it("stays open after another error", async () => {
  await confirm(412);
  expect(onDeleted).not.toHaveBeenCalled();
});
