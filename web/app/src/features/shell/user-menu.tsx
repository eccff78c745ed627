import { Link } from "@tanstack/react-router";
import { useMe } from "@vestibule/client/react";
import { ChevronsUpDown, LogOut, Monitor, Moon, Shield, Sun, User } from "lucide-react";
import { getDisplayName } from "../../lib/display-name";
import { useSignOut } from "../../lib/session";
import { setTheme, useTheme } from "../../lib/theme";
import { Avatar } from "../../ui/avatar";
import { Menu } from "../../ui/menu";

const themes = [
  { value: "light", label: "Light", icon: <Sun aria-hidden /> },
  { value: "dark", label: "Dark", icon: <Moon aria-hidden /> },
  { value: "system", label: "System", icon: <Monitor aria-hidden /> },
] as const;

/** The current user, with a menu for the theme and sign-out. */
export function UserMenu() {
  const me = useMe();
  const theme = useTheme();
  const signOut = useSignOut();
  const name = getDisplayName(me);

  return (
    <Menu
      align="start"
      side="top"
      trigger={
        <button
          type="button"
          aria-label={`Your account: ${name}`}
          className="-mx-1 flex items-center gap-2.5 rounded-md p-1.5 text-left hover:bg-hover data-popup-open:bg-hover"
        >
          <Avatar name={name} />
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium text-sm">{name}</span>
            {name !== me.email && <span className="block truncate text-muted text-xs">{me.email}</span>}
          </span>
          <ChevronsUpDown aria-hidden className="size-4 shrink-0 text-muted" />
        </button>
      }
    >
      {({ MenuItem, MenuRadioGroup, MenuSeparator }) => (
        <>
          <MenuItem icon={<User aria-hidden />} render={<Link to="/account" />}>
            Profile
          </MenuItem>
          <MenuItem icon={<Shield aria-hidden />} render={<Link to="/account/security" />}>
            Security
          </MenuItem>
          <MenuSeparator />
          <MenuRadioGroup label="Theme" value={theme} onChange={setTheme} options={themes} />
          <MenuSeparator />
          <MenuItem icon={<LogOut aria-hidden />} onClick={() => void signOut()}>
            Sign out
          </MenuItem>
        </>
      )}
    </Menu>
  );
}
