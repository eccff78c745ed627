// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { QrCode } from "./qr-code";

afterEach(cleanup);

it("draws the modules as one path with a quiet zone", () => {
  render(<QrCode text="otpauth://totp/Vestibule:ana@example.com?secret=ABC" label="QR code" />);
  const image = screen.getByRole("img", { name: "QR code" });
  const size = Number(image.getAttribute("viewBox")?.split(" ")[2]);
  const [background, modules] = [...image.querySelectorAll("path")].map((path) => path.getAttribute("d"));
  expect(background).toBe(`M0 0h${size}v${size}h-${size}z`);
  const corners = [...(modules ?? "").matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => [Number(x), Number(y)]);
  expect(Math.min(...corners.flat())).toBe(4);
  expect(Math.max(...corners.flat())).toBe(size - 5);
  // The finder pattern in the top left corner.
  expect(corners).toContainEqual([4, 4]);
  expect(corners).not.toContainEqual([5, 5]);
});
