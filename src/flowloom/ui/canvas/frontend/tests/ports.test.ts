import { expect, test } from "vitest";
import { allowedPairs, makesLoop, reaches, refusal } from "../src/flow/ports";
import { add, CATALOG, chance, connect, flowOf } from "./samples";

const flow = flowOf(
  add("say", "talk.say"),
  add("model"),
  add("sums", "sums"),
  add("agent", "agent"),
  connect("say.message", "model.prompt"),
  connect("model.text", "sums.sum"),
);
const why = (from: string, to: string) => refusal(flow, { from, to }, CATALOG, allowedPairs(CATALOG));

test.each([
  ["say.message", "agent.question", undefined],
  ["sums.tool", "agent.tools", undefined],
  ["sums.result", "agent.question", undefined],
  ["model.text", "model.prompt", "refuse_self"],
  ["sums.result", "model.prompt", undefined],
  ["say.message", "agent.tools", "refuse_type"],
  ["say.nothing", "agent.question", "refuse_ends"],
  ["gone.text", "agent.question", "refuse_ends"],
])("%s to %s: %s", (from, to, key) => expect(why(from, to)?.key).toBe(key));

test.each([
  ["sums.result", "model.prompt", true],
  ["say.message", "agent.question", false],
])("%s to %s makes a loop: %s", (from, to, is) => expect(makesLoop(flow, { from, to })).toBe(is));

test("a refusal names both ends and their types", () => {
  expect(why("say.message", "agent.tools")?.values).toEqual({
    from: "Say · message",
    from_type: "text",
    to: "Agent · Tools",
    to_type: "a tool",
  });
});

test("reaching agrees with trying every path", () => {
  const luck = chance(7);
  for (let round = 0; round < 60; round++) {
    const edges = Array.from({ length: 8 }, () => ({ from: `${luck.under(6)}.o`, to: `${luck.under(6)}.i` }));
    const slow = (from: string, goal: string, hops = 0): boolean =>
      from === goal || (hops < 6 && edges.some((e) => e.from[0] === from && slow(e.to[0]!, goal, hops + 1)));
    for (const a of "012345") for (const b of "012345") expect(reaches(edges, a, b)).toBe(slow(a, b));
  }
});
