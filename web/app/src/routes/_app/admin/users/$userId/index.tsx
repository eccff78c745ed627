import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { userQuery } from "@vestibule/client/query";
import { ProfileTab } from "../../../../../features/users/profile-tab";
import { client } from "../../../../../lib/session";

export const Route = createFileRoute("/_app/admin/users/$userId/")({ component: Tab });

function Tab() {
  const { data: user } = useSuspenseQuery(userQuery(client, Route.useParams().userId));
  return <ProfileTab user={user} />;
}
