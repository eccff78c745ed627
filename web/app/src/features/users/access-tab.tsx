import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Access, User } from "@vestibule/client";
import { accessQuery, usePermissions, useRoles } from "@vestibule/client/query";
import { CircleCheck, CircleX } from "lucide-react";
import type { ReactNode } from "react";
import { client } from "../../lib/session";
import { Section } from "../../ui/card";
import { cx } from "../../ui/cx";
import { ErrorState } from "../../ui/error-state";
import { Field } from "../../ui/field";
import { Select } from "../../ui/select";
import { Skeleton } from "../../ui/skeleton";
import { Obstacles } from "./obstacles";
import { RoleBadges } from "./role-badges";

interface AccessTabProps {
  user: User;
  /** The one in question, from the address. */
  permission: string | undefined;
  onChoose(permission: string | undefined): void;
}

/** Why somebody can or cannot do something: which role gives it, and whether they can sign in to use it. */
export function AccessTab({ user, permission, onChoose }: AccessTabProps) {
  const permissions = usePermissions();
  const access = useQuery({ ...accessQuery(client, user.id, permission), placeholderData: keepPreviousData });
  const chosen = permissions.data?.find(({ name }) => name === permission);

  if (access.isError && !access.data) {
    return (
      <Section title="Access">
        <ErrorState
          title="Could not find out"
          error={access.error}
          onRetry={() => void access.refetch()}
          retrying={access.isFetching}
        />
      </Section>
    );
  }

  return (
    <div className="flex max-w-2xl flex-col gap-6">
      <Section title="Can they sign in now?">
        {access.data ? <SignInAnswer access={access.data} /> : <Skeleton className="w-1/2" />}
      </Section>
      <Section title="May they do this?" description="Choose a permission to see which of their roles gives it.">
        <Field label="Permission" hint={chosen?.description ?? undefined} optional hideLabel>
          <Select
            value={permission ?? ""}
            onChange={(event) => onChoose(event.target.value || undefined)}
            className="w-full sm:w-72"
          >
            <option value="">Choose a permission</option>
            {permission && !chosen && <option>{permission}</option>}
            {permissions.data?.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        </Field>
        {permission && access.data && (
          <div aria-live="polite" className={cx("mt-4 transition-opacity", access.isPlaceholderData && "opacity-55")}>
            {access.data.permission && <PermissionAnswer access={access.data} permission={access.data.permission} />}
          </div>
        )}
      </Section>
    </div>
  );
}

function SignInAnswer({ access: { sign_in } }: { access: Access }) {
  if (sign_in.allowed) return <Answer yes title="Yes, nothing keeps them from it." />;
  return (
    <Answer title="No, not now.">
      <Obstacles reasons={sign_in.reasons} />
    </Answer>
  );
}

function PermissionAnswer({ access, permission }: { access: Access; permission: string }) {
  if (!access.granted) {
    return (
      <Answer title={`No, they do not hold ${permission}.`}>
        <WhoGives permission={permission} />
      </Answer>
    );
  }
  return (
    <Answer yes title={`Yes, they hold ${permission}.`}>
      <div className="flex flex-wrap items-center gap-1.5">
        It comes from {access.roles.length === 1 ? "this role:" : "each of these roles:"}
        <RoleBadges roles={access.roles} />
      </div>
      {!access.sign_in.allowed && <p>While they cannot sign in, it is of no use to them.</p>}
    </Answer>
  );
}

/** The roles that would give it. */
function WhoGives({ permission }: { permission: string }) {
  const giving = useRoles().data?.filter(({ permissions }) => permissions.includes(permission));
  if (!giving) return null;
  if (giving.length === 0) return <p>No role has it yet.</p>;
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      None of their roles has it. These do: <RoleBadges roles={giving.map(({ name }) => name)} />
    </div>
  );
}

function Answer({ yes = false, title, children }: { yes?: boolean; title: string; children?: ReactNode }) {
  const Icon = yes ? CircleCheck : CircleX;
  return (
    <div className="flex items-start gap-2.5 text-sm">
      <Icon aria-hidden className={cx("mt-0.5 size-4 shrink-0", yes ? "text-success-text" : "text-danger-text")} />
      <div className="flex min-w-0 flex-col gap-1.5">
        <p className="font-medium">{title}</p>
        {children && <div className="flex flex-col gap-1.5 text-muted">{children}</div>}
      </div>
    </div>
  );
}
