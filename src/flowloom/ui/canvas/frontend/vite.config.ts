import type { Rule } from "postcss";
import { defineConfig } from "vitest/config";

const HOME = ".flowloom-canvas";

/** The canvas lives in the page itself, so none of its rules may reach beyond it. */
const keepInside = {
  postcssPlugin: "keep-inside",
  Rule(rule: Rule) {
    const parent = rule.parent as { type?: string; name?: string } | undefined;
    if (parent?.type === "atrule" && parent.name?.endsWith("keyframes")) return;
    rule.selectors = rule.selectors.map((one) => (one.includes(HOME) ? one : `${HOME} ${one}`));
  },
};

export default defineConfig({
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
  css: { postcss: { plugins: [keepInside] } },
  build: {
    outDir: "../built",
    emptyOutDir: true,
    target: "es2022",
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    rollupOptions: {
      input: "src/index.tsx",
      preserveEntrySignatures: "strict",
      output: {
        format: "es",
        inlineDynamicImports: true,
        entryFileNames: "canvas.js",
        assetFileNames: "canvas.[ext]",
      },
    },
  },
  test: { include: ["tests/**/*.test.ts"] },
});
