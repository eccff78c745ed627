import { createFileRoute } from "@tanstack/react-router";
import { factorsQuery, settingsQuery } from "@vestibule/client/query";
import { PasswordSection } from "../../../features/account/password-section";
import { SecondFactors } from "../../../features/factors/second-factors";
import { client } from "../../../lib/session";
import { Section, SettingsLayout } from "../../../ui/card";
import { ButtonLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/page-header";

export const Route = createFileRoute("/_app/account/security")({
  loader: ({ context: { queryClient } }) => {
    void queryClient.prefetchQuery(factorsQuery(client));
    return queryClient.ensureQueryData(settingsQuery(client));
  },
  component: Security,
});

/**
 * The page to which `/.well-known/change-password` redirects. Password managers expect the password form to be visible
 * without scrolling.
 */
function Security() {
  return (
    <SettingsLayout>
      <PageHeader title="Security" description="Your password, second factors and devices." />
      <PasswordSection />
      <SecondFactors />
      <Section
        title="Devices"
        description="See where you are signed in, and sign out devices that you don't recognize."
        actions={<ButtonLink to="/account/sessions">Manage devices</ButtonLink>}
      />
    </SettingsLayout>
  );
}
