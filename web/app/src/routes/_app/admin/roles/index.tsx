import { createFileRoute } from "@tanstack/react-router";
import { KeyRound } from "lucide-react";
import { Card } from "../../../../ui/card";
import { EmptyState } from "../../../../ui/empty-state";

export const Route = createFileRoute("/_app/admin/roles/")({ component: NoRoleSelected });

function NoRoleSelected() {
  return (
    <Card>
      <EmptyState icon={<KeyRound />} title="No role selected" description="Select a role to see its permissions." />
    </Card>
  );
}
