import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const here = { host: "localhost", port: 5173, strictPort: true };

export default defineConfig({
  plugins: [react()],
  server: here,
  preview: here,
  test: { name: "guide", environment: "jsdom", include: ["test/**/*.test.tsx"] },
});
