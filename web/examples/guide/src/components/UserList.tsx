import { useUsers } from "../hooks/useUsers";

/** The list of users, or the error if it cannot be loaded. */
export function UserList() {
  const { data: users, error, isPending } = useUsers();
  return (
    <section aria-labelledby="users">
      <h2 id="users">Users</h2>
      {isPending && <p>Loading…</p>}
      {error && <p role="alert">{error.message}</p>}
      {users && (
        <ul>
          {users.map((user) => (
            <li key={user.id}>
              {user.email} <time dateTime={user.created_at}>{new Date(user.created_at).toLocaleDateString("en")}</time>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
