import { useMutation } from "@tanstack/react-query";
import { isProblem } from "@vestibule/client";
import { Button } from "../../ui/button";
import { FormError } from "../../ui/form-error";

interface OnePressProps {
  /** What the button does. */
  action: string;
  /** What could not be done. */
  failureTitle: string;
  send(): Promise<unknown>;
  onDone(): unknown;
  onExpired(): void;
}

/**
 * A link that needs nothing but a press. It is not carried out by opening the page, because programs that
 * look into mail open links too.
 */
export function OnePress({ action, failureTitle, send, onDone, onExpired }: OnePressProps) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: send,
    onSuccess: onDone,
    onError: (failure) => isProblem(failure, "invalid_token") && onExpired(),
  });
  return (
    <div className="flex flex-col gap-4">
      <FormError error={error} title={failureTitle} />
      <Button variant="primary" size="lg" busy={isPending} autoFocus onClick={() => mutate()}>
        {action}
      </Button>
    </div>
  );
}
