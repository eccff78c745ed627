import tailwindcss from "@tailwindcss/vite";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { defaultClientConditions } from "vite";
import { defineConfig } from "vitest/config";
import { precompress } from "./build/precompress.ts";

/** The server that `npm run dev` stands in front of. */
const BACKEND = process.env.API_URL ?? "http://localhost:8000";

const VENDOR =
  /node_modules\/(react|react-dom|scheduler|@tanstack|react-hook-form|openapi-fetch|use-sync-external-store)\//;

/** What the sign-in page takes from us; nothing of Base UI, which only pages behind it need. */
const COMMON =
  /client\/src\/(?!query)|app\/src\/lib\/|app\/src\/ui\/(button|card|cx|email-input|field|form-error|input|links|logo|notice|password-input|request-reference|spinner)\.|lucide-react\/.*\/createLucideIcon/;

export default defineConfig({
  plugins: [
    tanstackRouter({
      target: "react",
      autoCodeSplitting: true,
      // What a page loads comes with the page, not with the sign-in.
      codeSplittingOptions: { defaultBehavior: [["component", "loader"], ["errorComponent"], ["notFoundComponent"]] },
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
            { name: "vendor", test: VENDOR },
            { name: "common", test: COMMON },
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
