import { createFileRoute } from "@tanstack/react-router";
import { settingsQuery } from "@vestibule/client/query";
import { DeleteSection } from "../../../features/account/delete-section";
import { EmailSection } from "../../../features/account/email-section";
import { PasswordSection } from "../../../features/account/password-section";
import { client } from "../../../lib/session";
import { PageHeader } from "../../../ui/page-header";
import { SettingsLayout } from "../../../ui/settings-layout";

export const Route = createFileRoute("/_app/account/security")({
  loader: ({ context }) => context.queryClient.ensureQueryData(settingsQuery(client)),
  component: Security,
});

function Security() {
  return (
    <SettingsLayout>
      <PageHeader title="Security" description="How you sign in." />
      <PasswordSection />
      <EmailSection />
      <DeleteSection />
    </SettingsLayout>
  );
}
