import { createFileRoute } from "@tanstack/react-router";
import { ExportSection } from "../../../features/account/export-section";
import { ProfileSection } from "../../../features/account/profile-section";
import { SettingsLayout } from "../../../ui/card";
import { PageHeader } from "../../../ui/page-header";

export const Route = createFileRoute("/_app/account/")({ component: Profile });

function Profile() {
  return (
    <SettingsLayout>
      <PageHeader title="Profile" description="Your name and your data." />
      <ProfileSection />
      <ExportSection />
    </SettingsLayout>
  );
}
