import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";

/** A user, as the API returns it. */
export interface User {
  id: string;
  email: string;
  created_at: string;
}

/** The request body that creates a user. */
export interface UserCreate {
  email: string;
  password: string;
}

/** Loads the users. */
export function useUsers() {
  return useQuery({ queryKey: ["users"], queryFn: () => api.get<User[]>("/api/users"), retry: false });
}

/** Creates a user and refetches the list. */
export function useCreateUser() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (user: UserCreate) => api.post<User>("/api/users", user),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["users"] }),
  });
}
