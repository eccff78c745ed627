import { createFileRoute } from "@tanstack/react-router";
import { ExportSection } from "../../../features/account/export-section";
import { ProfileSection } from "../../../features/account/profile-section";
import { PageHeader } from "../../../ui/page-header";
import { SettingsLayout } from "../../../ui/settings-layout";

export const Route = createFileRoute("/_app/account/")({ component: Profile });

function Profile() {
  return (
    <SettingsLayout>
      <PageHeader title="Profile" description="What others see of you, and what is stored about you." />
      <ProfileSection />
      <ExportSection />
    </SettingsLayout>
  );
}
