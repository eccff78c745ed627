import { useMemo } from "react";
import { encode } from "uqr";
import { cx } from "../../ui/cx";

/** The blank modules around the code that scanners require. */
const QUIET_ZONE = 4;

interface QrCodeProps {
  text: string;
  /** The accessible name. */
  label: string;
  className?: string;
}

/** A QR code as SVG, black on white in both themes. */
export function QrCode({ text, label, className }: QrCodeProps) {
  const { path, size } = useMemo(() => toPath(text), [text]);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className={cx("rounded-md border border-line", className)}
    >
      <path fill="#fff" d={`M0 0h${size}v${size}h-${size}z`} />
      <path fill="#000" d={path} />
    </svg>
  );
}

/** Draws a square for each dark module. */
function toPath(text: string): { path: string; size: number } {
  const { data, size } = encode(text, { ecc: "M", border: QUIET_ZONE });
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { path: squares.join(""), size };
}
