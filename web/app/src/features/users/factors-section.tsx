import type { Factors } from "@vestibule/client";
import { useUserFactors } from "@vestibule/client/query";
import { useCan } from "../../lib/session";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Section } from "../../ui/card";
import { ErrorState } from "../../ui/error-state";
import { PasskeyDetails } from "../../ui/passkey-details";
import { DateTime } from "../../ui/relative-time";
import { Skeleton } from "../../ui/skeleton";
import { RoleBadges } from "./badges";

interface FactorsSectionProps {
  userId: string;
  /** Asks for confirmation and removes all factors. */
  onRemove(): void;
}

/** The second factors of a user, which can be removed with users:write. */
export function FactorsSection({ userId, onRemove }: FactorsSectionProps) {
  const canWrite = useCan()("users:write");
  const { data: factors, isError, error, refetch, isFetching } = useUserFactors(userId);
  const hasFactors = factors && (factors.totp || factors.passkeys.length > 0 || factors.recovery_codes);
  return (
    <Section
      title="Second factors"
      description="How this user confirms a sign-in, in addition to the password."
      actions={
        canWrite &&
        hasFactors && (
          <Button variant="danger-secondary" onClick={onRemove}>
            Remove second factors…
          </Button>
        )
      }
    >
      {isError && !factors ? (
        <ErrorState
          title="Could not load second factors"
          error={error}
          onRetry={() => void refetch()}
          retrying={isFetching}
        />
      ) : (
        <Details factors={factors} />
      )}
    </Section>
  );
}

function Details({ factors }: { factors: Factors | undefined }) {
  if (!factors) return <Skeleton className="w-1/2" />;
  const { totp, passkeys, recovery_codes, required_by } = factors;
  return (
    <dl className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[auto_1fr] sm:gap-y-3 [&>dd]:max-sm:mb-2">
      <dt className="text-muted">Authenticator app</dt>
      <dd>
        {totp ? (
          <>
            Set up on <DateTime value={totp.confirmed_at} />
          </>
        ) : (
          "Not set up"
        )}
      </dd>
      <dt className="text-muted">Passkeys</dt>
      <dd>
        {passkeys.length === 0 && "None"}
        <ul className="flex flex-col gap-3">
          {passkeys.map((passkey) => (
            <li key={passkey.id}>
              <PasskeyDetails passkey={passkey} />
            </li>
          ))}
        </ul>
      </dd>
      <dt className="text-muted">Recovery codes</dt>
      <dd>{recovery_codes ? `${recovery_codes.remaining} left` : "None"}</dd>
      {required_by.length > 0 && (
        <>
          <dt className="text-muted">Required by</dt>
          <dd className="flex flex-wrap items-center gap-2">
            <RoleBadges roles={required_by} />
            {!totp && passkeys.length === 0 && <Badge tone="warning">Not in force until set up</Badge>}
          </dd>
        </>
      )}
    </dl>
  );
}
