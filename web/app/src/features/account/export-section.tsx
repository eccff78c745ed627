import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { client } from "../../lib/session";
import { Button } from "../../ui/button";
import { Section } from "../../ui/card";
import { FormError } from "../../ui/form-error";

/** Everything that is stored about oneself, as a file. */
export function ExportSection() {
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => client.exportCurrentUser(),
    onSuccess: (data) => saveAs("vestibule-account.json", JSON.stringify(data, null, 2)),
  });

  return (
    <Section
      title="Your data"
      description="A JSON file with everything that is stored about you: the account, sessions, mails and what happened with it."
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

function saveAs(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
