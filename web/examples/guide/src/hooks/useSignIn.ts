import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, getToken, setToken } from "../api/client";
import type { UserCreate } from "./useUsers";

/** Whether a token is kept, and what gets and forgets one. */
export function useSignIn() {
  const queryClient = useQueryClient();
  const [signedIn, setSignedIn] = useState(getToken() !== null);

  function keep(token: string | null) {
    setToken(token);
    setSignedIn(token !== null);
    return queryClient.resetQueries();
  }

  const signIn = useMutation({
    mutationFn: (credentials: UserCreate) => api.post<{ access_token: string }>("/api/auth/login", credentials),
    onSuccess: ({ access_token }) => keep(access_token),
  });
  return { signedIn, signIn, signOut: () => keep(null) };
}
