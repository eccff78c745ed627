import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { userQuery } from "@vestibule/client/query";
import { FactorsSection } from "../../../../../features/users/factors-section";
import { ProfileTab } from "../../../../../features/users/profile-tab";
import { useInvitableUser } from "../../../../../features/users/use-invitable-user";
import { useUserActions } from "../../../../../features/users/user-actions";
import { client } from "../../../../../lib/session";
import { SettingsLayout } from "../../../../../ui/card";

export const Route = createFileRoute("/_app/admin/users/$userId/")({ component: Tab });

function Tab() {
  const { data } = useSuspenseQuery(userQuery(client, Route.useParams().userId));
  const user = useInvitableUser(data);
  const actions = useUserActions();
  return (
    <SettingsLayout>
      <ProfileTab user={data} />
      <FactorsSection userId={user.id} onRemove={() => actions.removeFactors(user)} />
      {actions.dialog}
    </SettingsLayout>
  );
}
