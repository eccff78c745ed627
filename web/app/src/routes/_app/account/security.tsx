import { createFileRoute } from "@tanstack/react-router";
import { settingsQuery } from "@vestibule/client/query";
import { DeleteAccountSection } from "../../../features/account/delete-account-section";
import { EmailSection } from "../../../features/account/email-section";
import { PasswordSection } from "../../../features/account/password-section";
import { client } from "../../../lib/session";
import { SettingsLayout } from "../../../ui/card";
import { PageHeader } from "../../../ui/page-header";

export const Route = createFileRoute("/_app/account/security")({
  loader: ({ context }) => context.queryClient.ensureQueryData(settingsQuery(client)),
  component: Security,
});

function Security() {
  return (
    <SettingsLayout>
      <PageHeader title="Security" description="Manage your password, email address and account." />
      <PasswordSection />
      <EmailSection />
      <DeleteAccountSection />
    </SettingsLayout>
  );
}
