import { useQuery } from "@tanstack/react-query";
import { rolesQuery } from "@vestibule/client/query";
import { client, useCan } from "../../lib/session";
import { FilterBar } from "../../ui/filter-bar";
import { FilterSelect } from "../../ui/filter-select";
import { SearchField } from "../../ui/search-field";
import { SortSelect } from "../../ui/sort-select";
import { sortLabels, statusLabels, type UsersSearch } from "./search";

interface UsersFilterBarProps {
  search: UsersSearch;
  /** `typing` marks intermediate input, which should not add history entries. */
  onChange(change: UsersSearch, typing?: boolean): void;
}

/** The search, filters and sort order of the list of users. */
export function UsersFilterBar({ search, onChange }: UsersFilterBarProps) {
  return (
    <FilterBar>
      <SearchField
        label="Search users"
        placeholder="Search by email or name"
        value={search.q}
        onSearch={(q) => onChange({ q }, true)}
      />
      <FilterSelect
        label="Status"
        any="Any status"
        options={statusLabels}
        value={search.status}
        onChange={(status) => onChange({ status })}
      />
      <RoleFilter role={search.role} onChange={(role) => onChange({ role })} />
      <SortSelect
        options={sortLabels}
        value={search.sort}
        onChange={(sort) => onChange({ sort })}
        byRelevance={Boolean(search.q)}
      />
    </FilterBar>
  );
}

/** Also shown without roles:read if the URL contains a role, so that the filter can be removed. */
function RoleFilter({ role, onChange }: { role: string | undefined; onChange(role: string | undefined): void }) {
  const canRead = useCan()("roles:read");
  const { data = [] } = useQuery({ ...rolesQuery(client), enabled: canRead });
  if (!canRead && !role) return null;

  const names = [...data.map(({ name }) => name), ...(role ? [role] : [])];
  const options = Object.fromEntries(names.map((name) => [name, name]));
  return <FilterSelect label="Role" any="Any role" options={options} value={role} onChange={onChange} />;
}
