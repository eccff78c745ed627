import { useEffect, useState } from "react";

/**
 * Returns the remaining whole seconds of a countdown and a function that starts it. Reads the clock instead of counting
 * ticks, so that the value is correct after the tab was suspended in the background.
 */
export function useCountdown(): [remaining: number, start: (seconds: number) => void] {
  const [end, setEnd] = useState(0);
  const [now, setNow] = useState(0);
  const remaining = Math.max(0, Math.ceil((end - now) / 1000));
  const running = remaining > 0;

  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [running]);

  function start(seconds: number) {
    setNow(Date.now());
    setEnd(Date.now() + seconds * 1000);
  }
  return [remaining, start];
}

/** Formats seconds as minutes and seconds: "0:42", "12:05". */
export function formatCountdown(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
