/** What comes next: the most used blocks first, those of this person before those of the templates. */
import { expect, test } from "vitest";
import { countUse, FIRST, mostUsed, readUses } from "../src/flow/uses";
import { CATALOG } from "./samples";

function shelf(): Storage {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) } as unknown as Storage;
}
const kind = (id: string, n: number) => ({ ...CATALOG.kinds[0]!, id: `${id}${n}` });
const many = Array.from({ length: 20 }, (_, n) => kind("k", n));
const uses = Object.fromEntries(many.map((one, n) => [one.id, n]));

test("six of them, by how often the templates use them", () => {
  expect(mostUsed(many, { ...CATALOG, uses }, {}).map((one) => one.id)).toEqual(["k19", "k18", "k17", "k16", "k15", "k14"]);
  expect(FIRST).toBe(6);
});

test("what a person chooses counts for more", () => {
  const kept = shelf();
  for (let n = 0; n < 7; n++) countUse("k2", kept);
  expect(mostUsed(many, { ...CATALOG, uses }, readUses(kept))[0]!.id).toBe("k2");
});

test("what nobody uses is not among them", () => expect(mostUsed(many.slice(0, 1), { ...CATALOG, uses }, {})).toEqual([]));

test.each(["", "[]", "{", '"x"', '{"k2": "many", "k3": -1, "k4": null}'])("a shelf of %j is empty", (text) => {
  const kept = shelf();
  kept.setItem("flowloom:uses", text);
  expect(readUses(kept)).toEqual({});
});

test("no shelf is no trouble", () => {
  countUse("k1", null);
  expect(readUses(null)).toEqual({});
});
