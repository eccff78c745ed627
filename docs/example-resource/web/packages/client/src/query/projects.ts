"use client";

import { queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { VestibuleClient } from "../client.js";
import { useClient } from "../react/context.js";
import { auditKeys } from "./audit.js";
import { useCreate, useDelete, useUpdate } from "./mutations.js";
import { type FiltersOf, infiniteListQuery } from "./pagination.js";
import { resourceKeys } from "./resource-keys.js";

/** The filters, the order and the page size of a list of projects. */
export type ProjectFilters = FiltersOf<"listProjects">;

/** The query keys of projects. */
export const projectKeys = resourceKeys<ProjectFilters>("projects");

/** Query options for the first page of projects. */
export const projectsQuery = (client: VestibuleClient, filters: ProjectFilters = {}) =>
  queryOptions({
    queryKey: projectKeys.page(filters),
    queryFn: ({ signal }) => client.listProjects({ ...filters, signal }),
  });

/** Query options for a list of projects, page by page. */
export const infiniteProjectsQuery = (client: VestibuleClient, filters: ProjectFilters = {}) =>
  infiniteListQuery(projectKeys.infiniteList(filters), (position) => client.listProjects({ ...filters, ...position }));

/** Query options for one project, with the `etag` for an update. */
export const projectQuery = (client: VestibuleClient, project_id: string) =>
  queryOptions({
    queryKey: projectKeys.detail(project_id),
    queryFn: ({ signal }) => client.getProject({ project_id, signal }),
  });

/** Loads the first page of projects. */
export function useProjects(filters?: ProjectFilters) {
  return useQuery(projectsQuery(useClient(), filters));
}

/** Loads projects page by page: `fetchNextPage` loads more, `itemsOf(data)` has the loaded ones. */
export function useInfiniteProjects(filters?: ProjectFilters) {
  return useInfiniteQuery(infiniteProjectsQuery(useClient(), filters));
}

/** Loads one project. */
export function useProject(project_id: string) {
  return useQuery(projectQuery(useClient(), project_id));
}

/** Creates a project. A retry after a network failure does not create a second one. */
export function useCreateProject() {
  return useCreate(useClient().createProject, [projectKeys.lists, auditKeys.all]);
}

/**
 * Updates a project. Pass the `etag` of the project that the form was filled from as `ifMatch`: the update then fails
 * with `stale` (412) if the project has changed since.
 */
export function useUpdateProject() {
  return useUpdate(useClient().updateProject, projectKeys.detail, [projectKeys.all, auditKeys.all]);
}

/** Deletes a project permanently. */
export function useDeleteProject() {
  const affected = [projectKeys.lists, auditKeys.all];
  return useDelete(useClient().deleteProject, ({ project_id }) => projectKeys.detail(project_id), affected);
}
