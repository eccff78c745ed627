import tailwindcss from "@tailwindcss/vite";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { defaultClientConditions } from "vite";
import { defineConfig } from "vitest/config";
import { precompress } from "./build/precompress.ts";

/** The server that `npm run dev` stands in front of. */
const BACKEND = process.env.API_URL ?? "http://localhost:8000";

/** The page that newcomers see is part of the program itself: it is small, and they do not wait for it a second time. */
const FIRST_PAGE = new Set(["/_auth", "/_auth/sign-in"]);

export default defineConfig({
  plugins: [
    tanstackRouter({
      target: "react",
      autoCodeSplitting: true,
      // What a page loads comes with the page, not with the sign-in.
      codeSplittingOptions: {
        defaultBehavior: [["component", "loader"], ["errorComponent"], ["notFoundComponent"]],
        splitBehavior: ({ routeId }) => (FIRST_PAGE.has(routeId) ? [] : undefined),
      },
      quoteStyle: "double",
      semicolons: true,
    }),
    react(),
    tailwindcss(),
    precompress(),
  ],
  // The client package from its source, so that it needs no build before the app's.
  resolve: { conditions: ["@vestibule/source", ...defaultClientConditions] },
  build: {
    // A data: URL breaks the content security policy `default-src 'self'`.
    assetsInlineLimit: 0,
    // Every browser that runs the rest knows modulepreload.
    modulePreload: { polyfill: false },
    target: "es2023",
    rolldownOptions: {
      output: {
        // What every page needs is two files: smaller than many, and the first unchanged by most releases.
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
