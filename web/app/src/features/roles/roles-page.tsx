import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { lazy, type ReactNode, Suspense } from "react";
import { useCan } from "../../lib/session";
import { Button } from "../../ui/button";
import { cx } from "../../ui/cx";
import { BackLink } from "../../ui/links";
import { PageHeader } from "../../ui/page-header";
import { RolesList } from "./roles-list";

const CreateRoleDialog = lazy(() => import("./create-role-dialog"));

interface RolesPageProps {
  /** The ID of the open role. */
  selectedId: string | undefined;
  /** Opens the dialog for a new role. */
  creating: boolean;
  /** The open role or a placeholder. */
  children: ReactNode;
}

/** The list of roles with the open role next to it; on narrow screens, only one of them. */
export function RolesPage({ selectedId, creating, children }: RolesPageProps) {
  const canCreate = useCan()("roles:write");
  const navigate = useNavigate();
  const listClass = cx(selectedId && "hidden lg:block");

  function openDialog(open: boolean) {
    void navigate({ to: ".", search: open ? { create: true } : {}, replace: !open, resetScroll: false });
  }

  return (
    <>
      {selectedId && (
        <BackLink to="/admin/roles" className="mb-1 lg:hidden">
          All roles
        </BackLink>
      )}
      <PageHeader
        title="Roles"
        description={<span className={listClass}>Roles grant permissions. A user can have several.</span>}
        actions={
          canCreate && (
            <span className={listClass}>
              <Button variant={selectedId ? "secondary" : "primary"} onClick={() => openDialog(true)}>
                <Plus aria-hidden />
                Create role
              </Button>
            </span>
          )
        }
      />
      <div className="grid items-start gap-6 lg:grid-cols-[17rem_minmax(0,1fr)]">
        <div className={listClass}>
          <RolesList selectedId={selectedId} />
        </div>
        <div className={cx("min-w-0", !selectedId && "hidden lg:block")}>{children}</div>
      </div>
      {canCreate && <Suspense>{creating && <CreateRoleDialog onClose={() => openDialog(false)} />}</Suspense>}
    </>
  );
}
