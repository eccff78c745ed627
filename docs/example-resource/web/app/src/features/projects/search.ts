import type { ProjectFilters } from "@vestibule/client/query";
import { booleanParam, flagParam, idParam, searchParser, sortParam, textParam } from "../../lib/search-params";

export const sortLabels = {
  "-created_at": "Newest first",
  created_at: "Oldest first",
  name: "Name, ascending",
  "-name": "Name, descending",
};

/** Parses the search parameters of the list. `create` opens the dialog for a new project. */
export const parseProjectsSearch = searchParser({
  q: textParam,
  archived: booleanParam,
  owner_id: idParam,
  sort: sortParam(sortLabels),
  create: flagParam,
});

export type ProjectsSearch = ReturnType<typeof parseProjectsSearch>;

/** Converts search parameters to API filters. */
export const toProjectFilters = ({ create: _create, ...filters }: ProjectsSearch): ProjectFilters => filters;
