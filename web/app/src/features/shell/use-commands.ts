import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { usersQuery } from "@vestibule/client/query";
import { LogOut, Monitor, Moon, Sun, User } from "lucide-react";
import { getDisplayName } from "../../lib/display-name";
import { navigation } from "../../lib/navigation";
import { client, useCan, useSignOut } from "../../lib/session";
import { setTheme } from "../../lib/theme";
import { useDebouncedValue } from "../../lib/use-debounced-value";
import { type Command, type CommandGroup, filterCommands } from "./commands";

const themes: Command[] = [
  { id: "theme-light", label: "Light theme", icon: Sun, keywords: "appearance", run: () => setTheme("light") },
  { id: "theme-dark", label: "Dark theme", icon: Moon, keywords: "appearance", run: () => setTheme("dark") },
  { id: "theme-system", label: "System theme", icon: Monitor, keywords: "appearance", run: () => setTheme("system") },
];

/** Returns the commands for a query: pages and actions immediately, users as soon as the server responds. */
export function useCommands(query: string): { groups: CommandGroup[]; searching: boolean } {
  const can = useCan();
  const navigate = useNavigate();
  const signOut = useSignOut();

  const search = useDebouncedValue(query.trim(), 120);
  const canReadUsers = can("users:read");
  const users = useQuery({
    ...usersQuery(client, { q: search, limit: 6 }),
    enabled: canReadUsers && search !== "",
    placeholderData: keepPreviousData,
  });

  const entries = navigation
    .filter((entry) => !entry.permission || can(entry.permission))
    .map((entry) => ({ ...entry, id: `go-${entry.label}`, run: () => void navigate(entry.link) }));
  const pages = entries.filter((entry) => !entry.paletteOnly);
  const actions = [
    ...entries.filter((entry) => entry.paletteOnly),
    ...themes,
    { id: "sign-out", label: "Sign out", icon: LogOut, keywords: "log out", run: () => void signOut() },
  ];
  const userCommands = (users.data?.items ?? []).map((user) => ({
    id: user.id,
    label: getDisplayName(user),
    ...(user.display_name && { hint: user.email }),
    icon: User,
    run: () => void navigate({ href: `/admin/users/${user.id}` }),
  }));

  const groups = [
    { value: "Pages", items: filterCommands(pages, query) },
    { value: "Actions", items: filterCommands(actions, query) },
    { value: "Users", items: query.trim() === "" ? [] : userCommands },
  ].filter((group) => group.items.length > 0);
  return { groups, searching: canReadUsers && query.trim() !== "" && (users.isFetching || search !== query.trim()) };
}
