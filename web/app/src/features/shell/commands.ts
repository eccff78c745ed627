import type { LucideIcon } from "lucide-react";

/** A line of the command palette. */
export interface Command {
  id: string;
  label: string;
  /** Beside the label, quieter. */
  hint?: string;
  icon: LucideIcon;
  /** Other words that it is found by. */
  keywords?: string;
  run(): void;
}

export interface CommandGroup {
  value: string;
  items: Command[];
}

/** The commands of which every typed word begins some word. */
export function matching(commands: readonly Command[], typed: string): Command[] {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter((command) => {
    const text = ` ${command.label} ${command.keywords ?? ""}`.toLocaleLowerCase();
    return words.every((word) => text.includes(` ${word}`));
  });
}
