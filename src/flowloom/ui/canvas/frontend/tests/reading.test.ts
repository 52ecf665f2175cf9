/** A canvas one can read: rows that fit the window, compact cards, lines round cards. */
import { describe, expect, it, test } from "vitest";
import { replay } from "../src/flow/apply";
import { tidyPlaces } from "../src/flow/layout";
import { makeRoom } from "../src/flow/room";
import { curve, isHidden, routeAround } from "../src/flow/routes";
import { isLoose, shownPorts } from "../src/flow/shown";
import type { Box } from "../src/flow/place";
import type { Card, FlowState } from "../src/model";
import { add, CATALOG, chance, connect, flowOf } from "./samples";

const SIZE = { width: 180, height: 90 };
const sizesOf = (flow: FlowState) => new Map(Object.keys(flow.nodes).map((id) => [id, SIZE]));
const boxesOf = (places: Record<string, { x: number; y: number }>) => Object.values(places).map((at): Box => ({ ...at, ...SIZE }));
const overlap = (a: Box, b: Box) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function chainOf(length: number): FlowState {
  const ids = Array.from({ length }, (_, i) => `m${i}`);
  return flowOf(...ids.map((id) => add(id)), ...ids.slice(1).map((id, i) => connect(`m${i}.text`, `${id}.prompt`)));
}

describe("tidying up in a window", () => {
  const ROOM = 660;
  test.each([1, 2, 3, 4, 7, 12, 40])("a chain of %i wraps into rows that fit, read from left to right", (length) => {
    const flow = chainOf(length);
    const places = tidyPlaces(flow, Object.keys(flow.nodes), sizesOf(flow), { room: ROOM });
    const boxes = boxesOf(places);
    expect(Math.max(...boxes.map((box) => box.x + box.width))).toBeLessThanOrEqual(ROOM);
    expect(boxes.some((a, i) => boxes.slice(i + 1).some((b) => overlap(a, b)))).toBe(false);
    for (let i = 1; i < length; i++) {
      const [before, after] = [places[`m${i - 1}`]!, places[`m${i}`]!];
      expect(after.y > before.y || (after.y === before.y && after.x > before.x)).toBe(true);
    }
  });

  test("what has room in one row stays in one", () => {
    const flow = chainOf(5);
    const places = Object.values(tidyPlaces(flow, Object.keys(flow.nodes), sizesOf(flow)));
    expect(new Set(places.map((at) => at.y)).size).toBe(1);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("by chance, flow %i: nothing overlaps, all lies on the grid, loops and lone blocks too", (seed) => {
    const by = chance(seed);
    const count = 3 + by.under(20);
    const ids = Array.from({ length: count }, (_, i) => `m${i}`);
    const lines = Array.from({ length: count + by.under(count) }, () => connect(`${by.of(ids)}.text`, `${by.of(ids)}.prompt`));
    const flow = flowOf(...ids.map((id) => add(id)), add("n", "note"), ...lines);
    const places = tidyPlaces(flow, Object.keys(flow.nodes), sizesOf(flow), { room: ROOM });
    const boxes = boxesOf(places);
    expect(boxes).toHaveLength(count + 1);
    expect(boxes.flatMap((box) => [box.x % 10, box.y % 10]).every((off) => off === 0)).toBe(true);
    expect(boxes.filter((a, i) => boxes.slice(i + 1).some((b) => overlap(a, b)))).toEqual([]);
  });

  test("a tool stands just before the agent it serves", () => {
    const flow = flowOf(add("say", "talk.say"), add("m"), add("sums", "sums"), add("agent", "agent"), connect("say.message", "m.prompt"), connect("m.text", "agent.question"), connect("sums.tool", "agent.tools"));
    const places = tidyPlaces(flow, Object.keys(flow.nodes), sizesOf(flow));
    expect(places.sums!.x).toBe(places.m!.x);
  });
});

describe("lines", () => {
  const card: Box = { x: 300, y: 0, ...SIZE };
  const through = { from: { x: 186, y: 45 }, to: { x: 594, y: 45 } };

  test("that would run behind a card lead round it", () => {
    expect(isHidden(curve(through), [card])).toBe(true);
    const route = routeAround(through, [card], [])!;
    expect(route[0]).toEqual(through.from);
    expect(route.at(-1)).toEqual(through.to);
    expect(isHidden(alongOf(route), [card])).toBe(false);
  });

  test("back to the beginning of the next row lead between the rows", () => {
    const [last, first]: Box[] = [{ x: 460, y: 0, ...SIZE }, { x: 0, y: 150, ...SIZE }];
    const ends = { from: { x: 646, y: 60 }, to: { x: -6, y: 210 } };
    expect(isHidden(curve(ends), [last!, first!])).toBe(true);
    expect(isHidden(alongOf(routeAround(ends, [last!, first!], [])!), [last!, first!])).toBe(false);
  });

  test("have no way where a card lies on their end", () => {
    const lid = { x: 560, y: 20, ...SIZE };
    expect(routeAround(through, [lid], [])).toBeNull();
  });

  const alongOf = (route: { x: number; y: number }[]) =>
    route.slice(1).flatMap((to, i) => Array.from({ length: 20 }, (_, n) => {
      const from = route[i]!;
      return { x: from.x + ((to.x - from.x) * n) / 19, y: from.y + ((to.y - from.y) * n) / 19 };
    }));
});

describe("a compact card", () => {
  const text = (id: string, required = false) => ({ id, label: id, type: "text", required });
  const tool = { id: "tool", label: "Tool", type: "tool" };
  const card = (changes: Partial<Card>): Card => ({ label: "", icon: "", group: "", summary: "", known: true, inputs: [], outputs: [], ...changes });
  const shown = (of: Card, joined: string[], leading: string[]) => {
    const { inputs, outputs, foldedInputs, foldedOutputs } = shownPorts(of, new Set(joined), new Set(leading));
    expect([...inputs, ...foldedInputs].length + [...outputs, ...foldedOutputs].length).toBe(of.inputs.length + of.outputs.length);
    return `${inputs.map((port) => port.id).join(" ")} > ${outputs.map((port) => port.id).join(" ")}`.trim();
  };
  const model = card({ inputs: [text("prompt", true), text("history"), text("passages")], outputs: [text("answer"), text("steps"), tool] });
  const branch = card({ inputs: [text("value")], outputs: [text("yes"), text("otherwise"), text("comment")], ways: ["yes", "otherwise"] });
  test.each([
    ["what is needed, and where to go on", model, [], [], "prompt > answer"],
    ["what has a line", model, ["prompt", "history"], ["steps"], "prompt history > steps"],
    ["only its tool", model, [], ["tool"], "> tool"],
    ["every way it may go", branch, ["value"], ["yes"], "value > yes otherwise"],
    ["nothing to go on from once it has answered", card({ inputs: [text("text", true)], outputs: [text("text")], answers: true }), ["text"], [], "text >"],
    ["where to begin while nothing leads to it", card({ inputs: [text("a"), text("b")], outputs: [text("c")] }), [], [], "a > c"],
    ["no unneeded input once it leads on", card({ inputs: [text("zone")], outputs: [text("now")] }), [], ["now"], "> now"],
  ] as const)("shows %s", (_, of, joined, leading, ports) => expect(shown(of, [...joined], [...leading])).toBe(ports));

  it("has a plus where the flow could go on", () => {
    expect(isLoose(branch, text("yes"), new Set(["yes"]))).toBe(false);
    expect(isLoose(branch, text("otherwise"), new Set(["yes"]))).toBe(true);
    expect(isLoose(model, tool, new Set())).toBe(false);
    expect(isLoose(card({ answers: true }), text("text"), new Set())).toBe(false);
  });
});

describe("a block on a line", () => {
  const edge = { from: "a.text", to: "b.prompt" };
  const row = (gap: number) => new Map(["a", "b", "c"].map((id, i): [string, Box] => [id, { x: i * (SIZE.width + gap), y: 0, ...SIZE }]));
  const free = (boxes: Map<string, Box>, room: ReturnType<typeof makeRoom>) => {
    const moved = [...boxes].map(([id, box]) => ({ ...box, ...room.moves[id] }));
    return !moved.some((a, i) => [...moved.slice(i + 1), { ...room.at, ...SIZE }].some((b) => overlap(a, b)));
  };

  it("stays where it was dropped if that is free", () => {
    expect(makeRoom({ x: 100, y: 300 }, edge, row(50))).toEqual({ at: { x: 100, y: 300 }, moves: {} });
  });

  it("goes between two that stand apart", () => {
    expect(makeRoom({ x: 150, y: 0 }, edge, row(300))).toEqual({ at: { x: 240, y: 0 }, moves: {} });
  });

  it("makes room, and what comes after moves on", () => {
    const room = makeRoom({ x: 150, y: 0 }, edge, row(50));
    expect(Object.keys(room.moves).sort()).toEqual(["b", "c"]);
    expect(room.at).toEqual({ x: 230, y: 0 });
    expect(free(row(50), room)).toBe(true);
  });

  it("leaves other rows alone", () => {
    const boxes = row(50).set("below", { x: 230, y: 200, ...SIZE });
    expect(makeRoom({ x: 150, y: 0 }, edge, boxes).moves).not.toHaveProperty("below");
  });
});

test("a card says what it did before once its op is replayed", () => {
  const flow = replay(flowOf(add("a")), [add("b")], CATALOG);
  expect(flow.cards.b!.ways).toEqual([]);
});
