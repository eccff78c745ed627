import tailwindcss from "@tailwindcss/vite";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { defaultClientConditions, defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";
import { precompress } from "./build/precompress.ts";

/** The server that `npm run dev` proxies API requests to. */
const BACKEND = process.env.API_URL ?? "http://localhost:8000";

/** Routes in the initial bundle: the sign-in page is small and needs no second round trip. */
const INITIAL_ROUTES = new Set(["/_auth", "/_auth/sign-in"]);

export default defineConfig({
  plugins: [
    tanstackRouter({
      target: "react",
      autoCodeSplitting: true,
      // Puts each loader into the chunk of its page instead of the initial bundle.
      codeSplittingOptions: {
        defaultBehavior: [["component", "loader"], ["errorComponent"], ["notFoundComponent"]],
        splitBehavior: ({ routeId }) => (INITIAL_ROUTES.has(routeId) ? [] : undefined),
      },
      quoteStyle: "double",
      semicolons: true,
    }),
    react(),
    tailwindcss(),
    precompress(),
  ],
  // Uses the source of the client package, so that it does not have to be built first.
  // The unit tests that run without a DOM resolve modules with the conditions of `ssr`.
  resolve: { conditions: ["@vestibule/source", ...defaultClientConditions] },
  ssr: { resolve: { conditions: ["@vestibule/source", ...defaultServerConditions] } },
  build: {
    // The content security policy `default-src 'self'` forbids data: URLs.
    assetsInlineLimit: 0,
    // All supported browsers have modulepreload.
    modulePreload: { polyfill: false },
    target: "es2023",
    rolldownOptions: {
      output: {
        // Two files for the initial bundle: smaller than many, and most releases leave the vendor file unchanged.
        codeSplitting: {
          groups: [
            { name: "vendor", tags: ["$initial"], test: /node_modules/, priority: 1 },
            { name: "common", tags: ["$initial"] },
          ],
        },
      },
    },
    reportCompressedSize: false,
  },
  server: {
    proxy: Object.fromEntries(
      ["/api", "/docs", "/health", "/openapi.json", "/problems", "/.well-known"].map((path) => [path, BACKEND]),
    ),
  },
  test: {
    include: ["src/**/*.test.{ts,tsx}", "build/**/*.test.ts"],
  },
});
