import { QueryClient } from "@tanstack/react-query";
import { isProblem } from "@vestibule/client";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // Retries network errors and 5xx only; a 4xx would fail again.
      retry: (failures, error) => failures < 2 && !(isProblem(error) && error.status < 500),
      retryDelay: (failures) => 400 * 2 ** failures,
    },
    mutations: { retry: false },
  },
});
