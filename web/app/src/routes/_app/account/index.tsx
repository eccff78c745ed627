import { createFileRoute } from "@tanstack/react-router";
import { DeleteAccountSection } from "../../../features/account/delete-account-section";
import { EmailSection } from "../../../features/account/email-section";
import { ExportSection } from "../../../features/account/export-section";
import { ProfileSection } from "../../../features/account/profile-section";
import { Section, SettingsLayout } from "../../../ui/card";
import { ButtonLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/page-header";

export const Route = createFileRoute("/_app/account/")({ component: Profile });

function Profile() {
  return (
    <SettingsLayout>
      <PageHeader title="Profile" description="Your name, email address and data." />
      <ProfileSection />
      <EmailSection />
      <Section
        title="Sign-in"
        description="Your password, authenticator app, passkeys and recovery codes."
        actions={<ButtonLink to="/account/security">Security settings</ButtonLink>}
      />
      <ExportSection />
      <DeleteAccountSection />
    </SettingsLayout>
  );
}
