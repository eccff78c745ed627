import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { lazy, type ReactNode, Suspense } from "react";
import { usePermissions } from "../../lib/session";
import { Button } from "../../ui/button";
import { cx } from "../../ui/cx";
import { BackLink } from "../../ui/links";
import { PageHeader } from "../../ui/page-header";
import { RolesList } from "./roles-list";

const CreateRoleDialog = lazy(() => import("./create-role-dialog"));

interface RolesPageProps {
  /** The role that is open. */
  chosen: string | undefined;
  /** Whether the dialog for a new one is. */
  creating: boolean;
  /** The open role, or what stands in its place. */
  children: ReactNode;
}

/** The roles, and the open one beside them; where it is narrow, one after the other. */
export function RolesPage({ chosen, creating, children }: RolesPageProps) {
  const mayCreate = usePermissions()("roles:write");
  const navigate = useNavigate();
  const whileListed = cx(chosen && "hidden lg:block");

  function openDialog(open: boolean) {
    void navigate({ to: ".", search: open ? { create: true } : {}, replace: !open, resetScroll: false });
  }

  return (
    <>
      {chosen && (
        <BackLink to="/admin/roles" className="mb-1 lg:hidden">
          All roles
        </BackLink>
      )}
      <PageHeader
        title="Roles"
        description={<span className={whileListed}>What people may do. A user can have several.</span>}
        actions={
          mayCreate && (
            <span className={whileListed}>
              <Button variant={chosen ? "secondary" : "primary"} onClick={() => openDialog(true)}>
                <Plus aria-hidden />
                Create role
              </Button>
            </span>
          )
        }
      />
      <div className="grid items-start gap-6 lg:grid-cols-[17rem_minmax(0,1fr)]">
        <div className={whileListed}>
          <RolesList chosen={chosen} />
        </div>
        <div className={cx("min-w-0", !chosen && "hidden lg:block")}>{children}</div>
      </div>
      {mayCreate && <Suspense>{creating && <CreateRoleDialog onClose={() => openDialog(false)} />}</Suspense>}
    </>
  );
}
