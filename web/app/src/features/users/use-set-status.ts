import type { User } from "@vestibule/client";
import { useUpdateUser } from "@vestibule/client/query";
import { toast } from "../../ui/toast";

/** Enables or disables a user optimistically: a failed request restores the old status and shows the error. */
export function useSetStatus() {
  const { mutateAsync } = useUpdateUser();

  return async function setStatus(user: User, status: User["status"]): Promise<void> {
    const [done, verb] = status === "active" ? ["Enabled", "enable"] : ["Disabled", "disable"];
    try {
      await mutateAsync({ user_id: user.id, body: { status } });
      toast.success(`${done} ${user.email}`, { label: "Undo", run: () => void setStatus(user, user.status) });
    } catch (error) {
      toast.error(`Could not ${verb} ${user.email}`, error, () => void setStatus(user, status));
    }
  };
}
