import { useMutation } from "@tanstack/react-query";
import { isProblem } from "@vestibule/client";
import { Button } from "./button";
import { FormError } from "./form-error";

interface ConfirmLinkButtonProps {
  /** The label of the button. */
  action: string;
  /** The title of an error: "Could not verify your email". */
  failureTitle: string;
  send(): Promise<unknown>;
  onDone(): unknown;
  onExpired(): void;
}

/** Confirms an emailed link. Opening the page is not enough, because mail scanners open links too. */
export function ConfirmLinkButton({ action, failureTitle, send, onDone, onExpired }: ConfirmLinkButtonProps) {
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
