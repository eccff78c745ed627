import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, getToken, setToken } from "../api/client";
import type { UserCreate } from "./useUsers";

/** Returns whether a token is stored, and the functions that sign in and out. */
export function useSignIn() {
  const queryClient = useQueryClient();
  const [signedIn, setSignedIn] = useState(getToken() !== null);

  function updateToken(token: string | null) {
    setToken(token);
    setSignedIn(token !== null);
    return queryClient.resetQueries();
  }

  const signIn = useMutation({
    mutationFn: (credentials: UserCreate) => api.post<{ access_token: string }>("/api/auth/login", credentials),
    onSuccess: ({ access_token }) => updateToken(access_token),
  });
  return { signedIn, signIn, signOut: () => updateToken(null) };
}
