// @vitest-environment jsdom
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { useEditBase } from "./use-edit-base";

afterEach(cleanup);

const version = (number: number) => ({ name: `version ${number}`, etag: `"${number}"` });

function mount(latest = version(1)) {
  return renderHook((props) => useEditBase(props.latest, props), {
    initialProps: { latest, changed: false, saving: false },
  });
}

it("follows the latest version until the first change", () => {
  const { result, rerender } = mount();
  rerender({ latest: version(2), changed: false, saving: false });
  expect(result.current).toMatchObject({ base: version(2), stale: false });
});

it("keeps the version of the first change and detects a newer one", () => {
  const { result, rerender } = mount();
  rerender({ latest: version(1), changed: true, saving: false });
  rerender({ latest: version(2), changed: true, saving: false });
  expect(result.current).toMatchObject({ base: version(1), stale: true });
  act(() => result.current.rebase());
  expect(result.current).toMatchObject({ base: version(2), stale: false });
});

it("does not mistake its own save for a change by someone else", () => {
  const { result, rerender } = mount();
  rerender({ latest: version(2), changed: true, saving: true });
  expect(result.current).toMatchObject({ base: version(1), stale: false });
  act(() => result.current.rebase(version(2)));
  rerender({ latest: version(2), changed: false, saving: false });
  expect(result.current).toMatchObject({ base: version(2), stale: false });
});
