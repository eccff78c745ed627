import { useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";

/**
 * Announces client-side navigation to screen readers: moves the focus to the heading of the new page, so that the next
 * Tab starts there. If the focus is already inside the page (a tab, an autofocused field), announces the title instead.
 */
export function RouteAnnouncer() {
  const router = useRouter();
  const [announcement, setAnnouncement] = useState("");

  useEffect(
    () =>
      router.subscribe("onRendered", ({ fromLocation, pathChanged }) => {
        if (!fromLocation || !pathChanged) return;
        const content = document.getElementById("content");
        if (content?.contains(document.activeElement) && document.activeElement !== content) {
          setAnnouncement(document.title);
        } else {
          (content?.querySelector("h1") ?? content)?.focus({ preventScroll: true });
        }
      }),
    [router],
  );

  return (
    <div aria-live="polite" className="sr-only">
      {announcement}
    </div>
  );
}
