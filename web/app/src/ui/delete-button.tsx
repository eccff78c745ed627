import { Trash2 } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { Button } from "./button";
import { DeleteDialog } from "./delete-dialog";

type DeleteButtonProps<Input> = Omit<ComponentProps<typeof DeleteDialog<Input>>, "open" | "onOpenChange">;

/** Deletes the resource of a page, after confirmation in a `DeleteDialog`. */
export function DeleteButton<Input>(props: DeleteButtonProps<Input>) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="danger-secondary" onClick={() => setOpen(true)}>
        <Trash2 aria-hidden />
        Delete
      </Button>
      <DeleteDialog {...props} open={open} onOpenChange={setOpen} />
    </>
  );
}
