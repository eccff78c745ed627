import type { LucideIcon } from "lucide-react";

/** An entry of the command palette. */
export interface Command {
  id: string;
  label: string;
  /** Secondary text next to the label. */
  hint?: string;
  icon: LucideIcon;
  /** Additional search terms. */
  keywords?: string;
  run(): void;
}

export interface CommandGroup {
  value: string;
  items: Command[];
}

/** Returns the commands in which every word of the query is the prefix of a word. */
export function filterCommands(commands: readonly Command[], query: string): Command[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter((command) => {
    const text = ` ${command.label} ${command.keywords ?? ""}`.toLocaleLowerCase();
    return words.every((word) => text.includes(` ${word}`));
  });
}
