import { isProblem } from "@vestibule/client";
import { describeError, isPasskeyCancelled } from "../../lib/errors";
import { FormError } from "../../ui/form-error";
import { Notice } from "../../ui/notice";

/** The reason why a passkey was not used or not accepted. */
export function PasskeyError({ error }: { error: unknown }) {
  if (isProblem(error, "unknown_passkey")) {
    return (
      <Notice tone="danger" title="This passkey is not registered here">
        It may have been removed from your account. Use a different passkey or method.
      </Notice>
    );
  }
  if (isProblem(error, "invalid_credentials")) {
    return (
      <Notice tone="danger" title="This passkey was not accepted">
        It belongs to a different account, or did not check that it's you. Use a different passkey or method.
      </Notice>
    );
  }
  if (isPasskeyCancelled(error)) {
    const { title, detail } = describeError(error);
    return <Notice title={title}>{detail}</Notice>;
  }
  return <FormError error={error} />;
}
