import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { usersQuery } from "@vestibule/client/query";
import { LogOut, Monitor, Moon, Sun, User } from "lucide-react";
import { navigation } from "../../lib/navigation";
import { displayNameOf } from "../../lib/people";
import { client, usePermissions } from "../../lib/session";
import { chooseTheme } from "../../lib/theme";
import { useDebounced } from "../../lib/use-debounced";
import { useSignOut } from "../../lib/use-sign-out";
import { type Command, type CommandGroup, matching } from "./commands";

const themes: Command[] = [
  { id: "theme-light", label: "Light theme", icon: Sun, keywords: "appearance", run: () => chooseTheme("light") },
  { id: "theme-dark", label: "Dark theme", icon: Moon, keywords: "appearance", run: () => chooseTheme("dark") },
  {
    id: "theme-system",
    label: "Theme of the system",
    icon: Monitor,
    keywords: "appearance",
    run: () => chooseTheme("system"),
  },
];

/** What fits what was typed: pages and actions at once, people as soon as the server has found them. */
export function useCommands(typed: string): { groups: CommandGroup[]; searching: boolean } {
  const holds = usePermissions();
  const navigate = useNavigate();
  const signOut = useSignOut();

  const search = useDebounced(typed.trim(), 120);
  const mayRead = holds("users:read");
  const people = useQuery({
    ...usersQuery(client, { q: search, limit: 6 }),
    enabled: mayRead && search !== "",
    placeholderData: keepPreviousData,
  });

  const places = navigation
    .filter((entry) => !entry.permission || holds(entry.permission))
    .map((entry) => ({ ...entry, id: `go-${entry.label}`, run: () => void navigate(entry.link) }));
  const leave = { id: "sign-out", label: "Sign out", icon: LogOut, keywords: "log out", run: () => void signOut() };
  const found = (people.data?.items ?? []).map((person) => ({
    id: person.id,
    label: displayNameOf(person),
    ...(person.display_name && { hint: person.email }),
    icon: User,
    run: () => void navigate({ href: `/admin/users/${person.id}` }),
  }));

  const groups = [
    {
      value: "Pages",
      items: matching(
        places.filter((place) => !place.paletteOnly),
        typed,
      ),
    },
    { value: "Actions", items: matching([...places.filter((place) => place.paletteOnly), ...themes, leave], typed) },
    { value: "People", items: typed.trim() === "" ? [] : found },
  ].filter((group) => group.items.length > 0);
  return { groups, searching: mayRead && typed.trim() !== "" && (people.isFetching || search !== typed.trim()) };
}
