import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { userQuery } from "@vestibule/client/query";
import { RolesTab } from "../../../../../features/users/roles-tab";
import { client } from "../../../../../lib/session";

export const Route = createFileRoute("/_app/admin/users/$userId/roles")({ component: Tab });

function Tab() {
  const { data: user } = useSuspenseQuery(userQuery(client, Route.useParams().userId));
  return <RolesTab user={user} />;
}
