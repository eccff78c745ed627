import { createFileRoute } from "@tanstack/react-router";
import { NotFoundPage } from "../../ui/not-found-page";

/** Any unknown URL, so that the 404 page keeps the sidebar. */
export const Route = createFileRoute("/_app/$")({ component: NotFoundPage });
