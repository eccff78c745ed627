import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const css = readFileSync(new URL("../src/styles.css", import.meta.url), "utf8");

function tokens(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf("}", start));
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]),
  );
}

/** The contrast ratio of two colors as defined by WCAG 2. */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const backgrounds = ["canvas", "surface", "raised", "sunken", "hover"];

/** Text needs a contrast of 4.5:1 on every background that it is used on (WCAG 1.4.3). */
const texts: [text: string, on: string[]][] = [
  ["text", [...backgrounds, "accent-soft", "success-soft", "warning-soft", "danger-soft"]],
  ["muted", [...backgrounds, "accent-soft"]],
  ["accent-text", ["canvas", "surface", "raised", "hover", "accent-soft"]],
  ["danger-text", ["canvas", "surface", "raised", "danger-soft"]],
  ["success-text", ["surface", "raised", "success-soft"]],
  ["warning-text", ["surface", "raised", "warning-soft"]],
  ["on-accent", ["accent", "accent-hover", "danger", "danger-hover"]],
];

/** The outlines of controls and the focus ring need a contrast of 3:1 (WCAG 1.4.11). */
const shapes: [shape: string, on: string[]][] = [
  ["control", ["canvas", "surface", "raised"]],
  ["accent-text", backgrounds],
];

it.each([":root", '[data-theme="dark"]'])("the colors of %s have enough contrast", (selector) => {
  const theme = tokens(selector);
  const low: string[] = [];
  for (const [pairs, least] of [
    [texts, 4.5],
    [shapes, 3],
  ] as const) {
    for (const [front, backs] of pairs) {
      for (const back of backs) {
        const found = contrast(theme[front] ?? "", theme[back] ?? "");
        if (!(found >= least)) low.push(`${front} on ${back}: ${found.toFixed(2)} < ${least}`);
      }
    }
  }
  expect(low).toEqual([]);
});
