import { linkOptions } from "@tanstack/react-router";
import {
  FolderOpen,
  KeyRound,
  type LucideIcon,
  MonitorSmartphone,
  Plus,
  ScrollText,
  Shield,
  User,
  UserPlus,
  Users,
} from "lucide-react";

/** A link in the sidebar and the command palette. */
export interface NavigationEntry {
  label: string;
  /** A type-checked link: `linkOptions({ to: "/admin/users", search: {} })`. */
  link: { to: string };
  icon: LucideIcon;
  section: "Administration" | "Account";
  /** The permission that a user needs to see the entry. */
  permission?: string;
  /** Additional search terms for the palette. */
  keywords?: string;
  /** Hides the entry from the sidebar: an action, such as "Create role", whose link opens a dialog. */
  paletteOnly?: boolean;
}

/** The icon of a resource that has no icon of its own. */
export const resourceIcon = FolderOpen;

/** All entries, in the order of the sidebar. Add a new page here. */
export const navigation: readonly NavigationEntry[] = [
  {
    label: "Users",
    link: linkOptions({ to: "/admin/users" }),
    icon: Users,
    section: "Administration",
    permission: "users:read",
    keywords: "people accounts",
  },
  {
    label: "Invite user",
    link: linkOptions({ to: "/admin/users", search: { create: true } }),
    icon: UserPlus,
    section: "Administration",
    permission: "users:create",
    keywords: "create add new person account",
    paletteOnly: true,
  },
  {
    label: "Roles",
    link: linkOptions({ to: "/admin/roles" }),
    icon: KeyRound,
    section: "Administration",
    permission: "roles:read",
    keywords: "permissions rights access",
  },
  {
    label: "Create role",
    link: linkOptions({ to: "/admin/roles", search: { create: true } }),
    icon: Plus,
    section: "Administration",
    permission: "roles:write",
    keywords: "new permissions",
    paletteOnly: true,
  },
  {
    label: "Audit log",
    link: linkOptions({ to: "/admin/audit" }),
    icon: ScrollText,
    section: "Administration",
    permission: "audit:read",
    keywords: "events trail log history",
  },
  {
    label: "Profile",
    link: linkOptions({ to: "/account" }),
    icon: User,
    section: "Account",
    keywords: "name email export data delete",
  },
  {
    label: "Security",
    link: linkOptions({ to: "/account/security" }),
    icon: Shield,
    section: "Account",
    keywords: "password passkey authenticator two factor 2fa recovery codes",
  },
  {
    label: "Sessions",
    link: linkOptions({ to: "/account/sessions" }),
    icon: MonitorSmartphone,
    section: "Account",
    keywords: "devices browsers signed in",
  },
];
