import { CredentialsForm } from "./components/CredentialsForm";
import { UserList } from "./components/UserList";
import { useSignIn } from "./hooks/useSignIn";
import { useCreateUser } from "./hooks/useUsers";

/** A page with a sign-in form, a form that creates users, and the list of users. */
export function App() {
  const { signedIn, signIn, signOut } = useSignIn();
  const createUser = useCreateUser();
  return (
    <main>
      <h1>Guide example</h1>
      {signedIn ? (
        <button type="button" onClick={signOut}>
          Sign out
        </button>
      ) : (
        <CredentialsForm
          title="Sign in"
          action="Sign in"
          passwordAutoComplete="current-password"
          busy={signIn.isPending}
          error={signIn.error}
          onSubmit={signIn.mutateAsync}
        />
      )}
      <CredentialsForm
        title="Create a user"
        action="Create"
        passwordAutoComplete="new-password"
        busy={createUser.isPending}
        error={createUser.error}
        onSubmit={createUser.mutateAsync}
      />
      <UserList />
    </main>
  );
}
