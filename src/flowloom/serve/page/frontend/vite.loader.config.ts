import { defineConfig } from "vite";

/** What another site loads: one small script that leaves no name behind. */
export default defineConfig({
  build: {
    outDir: "../built",
    emptyOutDir: false,
    target: "es2020",
    reportCompressedSize: false,
    rollupOptions: {
      input: "src/loader.ts",
      output: { format: "iife", entryFileNames: "loader.js" },
    },
  },
});
