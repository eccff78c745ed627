import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Access, Permission } from "@vestibule/client";
import { accessQuery, usePermissions, useRoles } from "@vestibule/client/query";
import { CircleCheck, CircleX } from "lucide-react";
import type { ReactNode } from "react";
import { client } from "../../lib/session";
import { Section } from "../../ui/card";
import { cx } from "../../ui/cx";
import { ErrorState } from "../../ui/error-state";
import { Field } from "../../ui/field";
import { Notice } from "../../ui/notice";
import { OptionCombobox, type OptionGroup } from "../../ui/option-combobox";
import { Skeleton } from "../../ui/skeleton";
import { RoleBadges } from "./badges";
import { SignInBlockers } from "./sign-in-blockers";
import type { InvitableUser } from "./use-invitable-user";
import type { UserActions } from "./user-actions";

interface AccessTabProps {
  user: InvitableUser;
  actions: UserActions;
  /** The permission to check. */
  permission: string | undefined;
  onSelect(permission: string | undefined): void;
}

/** Explains whether a user can sign in, and whether and why they have a permission. */
export function AccessTab({ user, actions, permission, onSelect }: AccessTabProps) {
  const permissions = usePermissions();
  const access = useQuery({ ...accessQuery(client, user.id, permission), placeholderData: keepPreviousData });
  const selected = permissions.data?.find(({ name }) => name === permission);

  if (access.isError && !access.data) {
    return (
      <Section title="Access">
        <ErrorState
          title="Could not check access"
          error={access.error}
          onRetry={() => void access.refetch()}
          retrying={access.isFetching}
        />
      </Section>
    );
  }

  return (
    <div className="flex flex-col gap-6">
      <Section title="Sign-in">
        {access.data ? (
          <div className="flex flex-col gap-4">
            <SignInResult access={access.data} user={user} actions={actions} />
            {access.data.second_factor_enrolment_required && (
              <Notice tone="warning" title="No second factor">
                One of the user's roles requires a second factor. Its permissions apply as soon as the user has set one
                up.
              </Notice>
            )}
          </div>
        ) : (
          <Skeleton className="w-1/2" />
        )}
      </Section>
      <Section title="Check a permission" description="Select a permission to see which roles grant it to this user.">
        <Field label="Permission" hint={selected?.description ?? undefined} optional hideLabel className="sm:max-w-72">
          <OptionCombobox
            groups={groupByResource(permissions.data ?? [])}
            value={permission}
            onChange={onSelect}
            placeholder="Select a permission"
          />
        </Field>
        {permission && access.data && (
          <div aria-live="polite" className={cx("mt-4 transition-opacity", access.isPlaceholderData && "opacity-55")}>
            {access.data.permission && <PermissionResult access={access.data} permission={access.data.permission} />}
          </div>
        )}
      </Section>
    </div>
  );
}

/** Groups permissions by the part of their name before the colon. */
function groupByResource(permissions: readonly Permission[]): OptionGroup[] {
  const names = permissions.map(({ name }) => name);
  const resources = new Set(names.map((name) => name.slice(0, name.indexOf(":"))));
  return [...resources].map((label) => ({
    label,
    options: names.filter((name) => name.startsWith(`${label}:`)).map((name) => ({ value: name, label: name })),
  }));
}

interface SignInResultProps {
  access: Access;
  user: InvitableUser;
  actions: UserActions;
}

function SignInResult({ access: { sign_in }, user, actions }: SignInResultProps) {
  if (sign_in.allowed) return <Result allowed title="This user can sign in." />;
  return (
    <Result title="This user can't sign in.">
      <SignInBlockers blockers={sign_in.reasons} user={user} actions={actions} />
    </Result>
  );
}

function PermissionResult({ access, permission }: { access: Access; permission: string }) {
  if (!access.granted && access.second_factor_enrolment_required && access.roles.length > 0) {
    return (
      <Result title={`This user can't use ${permission} yet.`}>
        <div className="flex flex-wrap items-center gap-1.5">
          Included in <RoleBadges roles={access.roles} />
        </div>
        <p>The role requires a second factor. The permission applies as soon as the user has set one up.</p>
      </Result>
    );
  }
  if (!access.granted) {
    return (
      <Result title={`This user doesn't have ${permission}.`}>
        <GrantingRoles permission={permission} />
      </Result>
    );
  }
  return (
    <Result allowed title={`This user has ${permission}.`}>
      <div className="flex flex-wrap items-center gap-1.5">
        Granted by <RoleBadges roles={access.roles} />
      </div>
      {!access.sign_in.allowed && <p>They can't use it until they can sign in again.</p>}
    </Result>
  );
}

/** The roles that would grant a permission. */
function GrantingRoles({ permission }: { permission: string }) {
  const roles = useRoles().data?.filter(({ permissions }) => permissions.includes(permission));
  if (!roles) return null;
  if (roles.length === 0) return <p>No role grants it yet.</p>;
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      Roles that grant it: <RoleBadges roles={roles.map(({ name }) => name)} />
    </div>
  );
}

function Result({ allowed = false, title, children }: { allowed?: boolean; title: string; children?: ReactNode }) {
  const Icon = allowed ? CircleCheck : CircleX;
  return (
    <div className="flex items-start gap-2.5 text-sm">
      <Icon aria-hidden className={cx("mt-0.5 size-4 shrink-0", allowed ? "text-success-text" : "text-danger-text")} />
      <div className="flex min-w-0 flex-col gap-1.5">
        <p className="font-medium">{title}</p>
        {children && <div className="flex flex-col gap-1.5 text-muted">{children}</div>}
      </div>
    </div>
  );
}
