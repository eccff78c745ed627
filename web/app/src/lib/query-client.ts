import { QueryClient } from "@tanstack/react-query";
import { isProblem } from "@vestibule/client";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal stays one; only what may pass by itself is tried again.
      retry: (failures, error) => failures < 2 && !(isProblem(error) && error.status < 500),
      retryDelay: (failures) => 400 * 2 ** failures,
    },
    mutations: { retry: false },
  },
});
