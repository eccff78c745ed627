import { isProblem } from "@vestibule/client";
import { useApiForm } from "../../lib/api-form";
import { Button } from "../../ui/button";
import { FormError } from "../../ui/form-error";
import { nothingSchema } from "./schema";

interface OnePressFormProps {
  /** What the button does. */
  action: string;
  /** What could not be done. */
  failureTitle: string;
  send(): Promise<unknown>;
  onDone(): void;
  onExpired(): void;
}

/**
 * A link that needs nothing but a press. It is not carried out by opening the page, because programs that
 * look into mail open links too.
 */
export function OnePressForm({ action, failureTitle, send, onDone, onExpired }: OnePressFormProps) {
  const { onSubmit, busy, failure } = useApiForm({
    schema: nothingSchema,
    defaultValues: {},
    send: async () => {
      try {
        await send();
      } catch (error) {
        if (!isProblem(error, "invalid_token")) throw error;
        onExpired();
        return;
      }
      onDone();
    },
  });
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4">
      <FormError error={failure} title={failureTitle} />
      <Button type="submit" variant="primary" size="lg" busy={busy} autoFocus>
        {action}
      </Button>
    </form>
  );
}
