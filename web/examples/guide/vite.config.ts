import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const address = { host: "localhost", port: 5173, strictPort: true };

export default defineConfig({
  plugins: [react()],
  server: address,
  preview: address,
  test: { name: "guide", environment: "jsdom", include: ["test/**/*.test.tsx"] },
});
