import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { downloadFile } from "../../lib/download-file";
import { client } from "../../lib/session";
import { Button } from "../../ui/button";
import { Section } from "../../ui/card";
import { FormError } from "../../ui/form-error";

/** Downloads all data that is stored about the current user. */
export function ExportSection() {
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => client.exportCurrentUser(),
    onSuccess: (data) => downloadFile("vestibule-account.json", JSON.stringify(data, null, 2), "application/json"),
  });

  return (
    <Section
      title="Your data"
      description="Download everything stored about you as a JSON file: your account, sessions, emails and audit events."
      actions={
        <Button busy={isPending} onClick={() => mutate()}>
          <Download aria-hidden />
          Download
        </Button>
      }
    >
      {error && <FormError error={error} title="Could not download your data" />}
    </Section>
  );
}
