import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, Outlet } from "@tanstack/react-router";
import { RouteAnnouncer } from "../ui/route-announcer";
import { StandaloneErrorPage, StandaloneNotFoundPage } from "../ui/standalone-pages";

export const Route = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Root,
  errorComponent: StandaloneErrorPage,
  notFoundComponent: StandaloneNotFoundPage,
});

function Root() {
  return (
    <>
      <Outlet />
      <RouteAnnouncer />
    </>
  );
}
