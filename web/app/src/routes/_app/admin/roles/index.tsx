import { createFileRoute } from "@tanstack/react-router";
import { KeyRound } from "lucide-react";
import { Card } from "../../../../ui/card";
import { EmptyState } from "../../../../ui/empty-state";

export const Route = createFileRoute("/_app/admin/roles/")({ component: NoRole });

function NoRole() {
  return (
    <Card>
      <EmptyState icon={<KeyRound />} title="No role is open" description="Choose one to see what it permits." />
    </Card>
  );
}
