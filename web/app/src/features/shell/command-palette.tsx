import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { Search } from "lucide-react";
import { useState } from "react";
import { Spinner } from "../../ui/spinner";
import type { Command, CommandGroup } from "./commands";
import { useCommands } from "./use-commands";

interface CommandPaletteProps {
  open: boolean;
  onOpenChange(open: boolean): void;
}

/** Searches pages, actions and users. Loaded on first use. */
export default function CommandPalette({ open, onOpenChange }: CommandPaletteProps) {
  const [query, setQuery] = useState("");
  const { groups, searching } = useCommands(query);

  function run(command: Command) {
    onOpenChange(false);
    command.run();
  }

  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim fade-motion fixed inset-0 z-40" />
        <Dialog.Popup
          aria-label="Command palette"
          className="float-motion fixed inset-x-3 top-3 z-50 mx-auto flex max-h-[min(28rem,calc(100dvh-1.5rem))] max-w-xl flex-col overflow-hidden rounded-lg bg-raised shadow-float sm:top-[14vh]"
        >
          <Autocomplete.Root
            open
            inline
            autoHighlight="always"
            keepHighlight
            items={groups}
            filter={null}
            value={query}
            onValueChange={(value, { reason }) => reason !== "item-press" && setQuery(value)}
            itemToStringValue={(command: Command) => command.label}
          >
            <div className="flex items-center gap-2.5 border-line border-b px-4">
              <Search aria-hidden className="size-4 shrink-0 text-muted" />
              <Autocomplete.Input
                aria-label="Search pages, actions and users"
                placeholder="Search pages, actions and users…"
                className="h-12 min-w-0 flex-1 bg-transparent text-base outline-none pointer-coarse:text-lg"
              />
              {searching && <Spinner className="text-muted" />}
            </div>
            <Autocomplete.Empty>
              <p className="px-4 py-8 text-center text-muted text-sm empty:hidden">
                {groups.length === 0 && (searching ? "Searching…" : "No results. Try a different search.")}
              </p>
            </Autocomplete.Empty>
            <Autocomplete.List className="min-h-0 overflow-y-auto p-1.5 empty:hidden">
              {(group: CommandGroup) => (
                <Autocomplete.Group key={group.value} items={group.items} className="not-first:mt-1.5">
                  <Autocomplete.GroupLabel className="px-2.5 py-1 font-medium text-muted text-xs">
                    {group.value}
                  </Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(command: Command) => (
                      <Autocomplete.Item
                        key={command.id}
                        value={command}
                        onClick={() => run(command)}
                        className="flex min-h-9 cursor-default items-center gap-2.5 rounded-md px-2.5 text-sm data-highlighted:bg-hover"
                      >
                        <command.icon aria-hidden className="size-4 shrink-0 text-muted" />
                        <span className="truncate">{command.label}</span>
                        {command.hint && <span className="ml-auto truncate pl-4 text-muted">{command.hint}</span>}
                      </Autocomplete.Item>
                    )}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
