import { useQuery } from "@tanstack/react-query";
import type { UserStatus } from "@vestibule/client";
import { rolesQuery } from "@vestibule/client/query";
import { client, useCan } from "../../lib/session";
import { Select } from "../../ui/select";
import type { UserSort, UsersSearch } from "./search";
import { SearchField } from "./search-field";

interface FilterBarProps {
  search: UsersSearch;
  /** `typing` marks intermediate input, which should not add history entries. */
  onChange(change: UsersSearch, typing?: boolean): void;
}

const sortLabels: Record<UserSort, string> = {
  "-created_at": "Newest first",
  created_at: "Oldest first",
  email: "Email, A to Z",
  "-email": "Email, Z to A",
};

/** The search, filters and sort order of the list of users. */
export function FilterBar({ search, onChange }: FilterBarProps) {
  return (
    <div className="mb-3 grid grid-cols-2 gap-2 sm:flex">
      <SearchField
        label="Search users"
        placeholder="Search by email or name"
        value={search.q ?? ""}
        onSearch={(q) => onChange({ q: q || undefined }, true)}
        className="col-span-2 sm:w-full sm:max-w-xs sm:flex-1"
      />
      <Select
        aria-label="Status"
        value={search.status ?? ""}
        onChange={(event) => onChange({ status: (event.target.value || undefined) as UserStatus | undefined })}
      >
        <option value="">Any status</option>
        <option value="active">Active</option>
        <option value="disabled">Disabled</option>
      </Select>
      <RoleFilter role={search.role} onChange={(role) => onChange({ role })} />
      <SortSelect search={search} onChange={(sort) => onChange({ sort })} />
    </div>
  );
}

/** Also shown without roles:read if the URL contains a role, so that the filter can be removed. */
function RoleFilter({ role, onChange }: { role: string | undefined; onChange(role: string | undefined): void }) {
  const canRead = useCan()("roles:read");
  const { data = [] } = useQuery({ ...rolesQuery(client), enabled: canRead });
  if (!canRead && !role) return null;

  const names = new Set(data.map(({ name }) => name));
  if (role) names.add(role);
  return (
    <Select aria-label="Role" value={role ?? ""} onChange={(event) => onChange(event.target.value || undefined)}>
      <option value="">Any role</option>
      {[...names].map((name) => (
        <option key={name}>{name}</option>
      ))}
    </Select>
  );
}

function SortSelect({ search, onChange }: { search: UsersSearch; onChange(sort: UserSort): void }) {
  const searching = Boolean(search.q);
  return (
    <Select
      aria-label="Sort by"
      title={searching ? "Search results are sorted by relevance" : undefined}
      disabled={searching}
      value={searching ? "" : (search.sort ?? "-created_at")}
      onChange={(event) => onChange(event.target.value as UserSort)}
      className="col-span-2 sm:ml-auto"
    >
      {searching && <option value="">Best match</option>}
      {Object.entries(sortLabels).map(([sort, label]) => (
        <option key={sort} value={sort}>
          {label}
        </option>
      ))}
    </Select>
  );
}
