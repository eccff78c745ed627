import { Link } from "@tanstack/react-router";
import { navigation } from "../../lib/navigation";
import { useCan } from "../../lib/session";
import { cx } from "../../ui/cx";

/** Sidebar links to the pages that the current user is allowed to open. */
export function NavigationLinks({ className }: { className?: string }) {
  const can = useCan();
  const allowed = navigation.filter((entry) => !entry.paletteOnly && (!entry.permission || can(entry.permission)));

  return (
    <nav aria-label="Main" className={className}>
      {(["Administration", "Account"] as const).map((section) => {
        const entries = allowed.filter((entry) => entry.section === section);
        if (entries.length === 0) return null;
        return (
          <div key={section} className="mb-4">
            <h2 className="mb-1 px-2 font-medium text-muted text-xs">{section}</h2>
            <ul className="flex flex-col gap-px">
              {entries.map(({ label, link, icon: Icon }) => (
                <li key={label}>
                  <Link
                    {...link}
                    activeOptions={{ exact: link.to === "/account", includeSearch: false }}
                    className={cx(
                      "flex h-8 items-center gap-2.5 rounded-md px-2 text-muted text-sm hover:bg-hover hover:text-text pointer-coarse:h-10",
                      "aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-text",
                    )}
                  >
                    <Icon aria-hidden className="size-4 shrink-0" />
                    {label}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}
