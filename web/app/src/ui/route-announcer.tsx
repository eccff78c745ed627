import { useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";

/**
 * After a change of page, does what the browser does after loading one: puts the focus at the top, on
 * the heading, so that a screen reader reads it and the next Tab starts there. A focus that is in the
 * page still (a tab, a field that asked for it) stays; then the title is announced.
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
