import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { speaker, TEXTS } from "../src/texts";

test("Python and TypeScript say the same", () => {
  const source = readFileSync(new URL("../../texts.py", import.meta.url), "utf-8");
  const block = source.slice(source.indexOf("TEXTS = {"), source.indexOf("\n}\n"));
  const python = Object.fromEntries([...block.matchAll(/^ {4}"(\w+)": "(.*)",$/gm)].map(([, key, text]) => [key, text]));
  expect(python).toEqual(TEXTS);
});

test("values fill the named holes", () => {
  expect(speaker()("offline_count", { count: 3 })).toBe("Offline, 3 changes kept");
});

test("the page's words come first", () => {
  expect(speaker({ saved: "Enregistré" })("saved")).toBe("Enregistré");
});
