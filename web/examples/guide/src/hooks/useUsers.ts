import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";

/** A user, as the API shows one. */
export interface User {
  id: string;
  email: string;
  created_at: string;
}

/** What a new user is made of. */
export interface UserCreate {
  email: string;
  password: string;
}

/** The users. */
export function useUsers() {
  return useQuery({ queryKey: ["users"], queryFn: () => api.get<User[]>("/api/users"), retry: false });
}

/** Makes a user, and loads the list anew. */
export function useCreateUser() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (user: UserCreate) => api.post<User>("/api/users", user),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["users"] }),
  });
}
