import { linkOptions } from "@tanstack/react-router";
import {
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

/** Somewhere to go, in the sidebar and the command palette. */
export interface NavigationEntry {
  label: string;
  /** A checked link: `linkOptions({ to: "/admin/users", search: {} })`. */
  link: { to: string };
  icon: LucideIcon;
  section: "Administration" | "Account";
  /** Shown only to those who hold it. */
  permission?: string;
  /** Other words that the palette finds it by. */
  keywords?: string;
  /** Not in the sidebar: an action, such as "Create user", whose link opens its dialog. */
  paletteOnly?: boolean;
}

/** Every place that people are led to, in the order of the sidebar. A new page adds its line here. */
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
    label: "Invite a user",
    link: linkOptions({ to: "/admin/users", search: { create: true } }),
    icon: UserPlus,
    section: "Administration",
    permission: "users:create",
    keywords: "create new person account",
    paletteOnly: true,
  },
  {
    label: "Roles",
    link: linkOptions({ to: "/admin/roles" }),
    icon: KeyRound,
    section: "Administration",
    permission: "roles:read",
    keywords: "permissions rights",
  },
  {
    label: "Create a role",
    link: linkOptions({ to: "/admin/roles", search: { create: true } }),
    icon: Plus,
    section: "Administration",
    permission: "roles:write",
    keywords: "new permissions",
    paletteOnly: true,
  },
  {
    label: "Audit",
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
    keywords: "name export data",
  },
  {
    label: "Security",
    link: linkOptions({ to: "/account/security" }),
    icon: Shield,
    section: "Account",
    keywords: "password email delete",
  },
  {
    label: "Sessions",
    link: linkOptions({ to: "/account/sessions" }),
    icon: MonitorSmartphone,
    section: "Account",
    keywords: "devices browsers signed in",
  },
];
