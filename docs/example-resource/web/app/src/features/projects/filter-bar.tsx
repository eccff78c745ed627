import { FilterBar } from "../../ui/filter-bar";
import { BooleanFilter } from "../../ui/filter-select";
import { ReferenceFilter } from "../../ui/reference-filter";
import { SearchField } from "../../ui/search-field";
import { SortSelect } from "../../ui/sort-select";
import { type ProjectsSearch, sortLabels } from "./search";

interface ProjectsFilterBarProps {
  search: ProjectsSearch;
  /** `typing` marks intermediate input, which should not add history entries. */
  onChange(change: ProjectsSearch, typing?: boolean): void;
}

/** The search, filters and sort order of the list of projects. */
export function ProjectsFilterBar({ search, onChange }: ProjectsFilterBarProps) {
  return (
    <FilterBar>
      <SearchField
        label="Search projects"
        placeholder="Search by name or description"
        value={search.q}
        onSearch={(q) => onChange({ q }, true)}
      />
      <BooleanFilter
        label="Archived"
        any="Archived: any"
        yes="Archived: yes"
        no="Archived: no"
        value={search.archived}
        onChange={(value) => onChange({ archived: value })}
      />
      <ReferenceFilter
        label="Owner"
        any="Any owner"
        kind="user"
        value={search.owner_id}
        onChange={(value) => onChange({ owner_id: value })}
      />
      <SortSelect options={sortLabels} value={search.sort} onChange={(sort) => onChange({ sort })} />
    </FilterBar>
  );
}
