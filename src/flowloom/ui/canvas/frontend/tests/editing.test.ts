import { describe, expect, test } from "vitest";
import { commandOf } from "../src/board/keys";
import { nextEdges, nextNodes } from "../src/board/nodes";
import { applyOp, replay } from "../src/flow/apply";
import { clipOf, pasteOps } from "../src/flow/clip";
import { freshId } from "../src/flow/ids";
import { CARD_SIZE, freePlace, holds, placeBeside } from "../src/flow/place";
import { findKinds } from "../src/palette/find";
import { speaker } from "../src/texts";
import { add, CATALOG, connect, flowOf } from "./samples";

describe("ids", () => {
  test.each([
    ["knowledge.search", [], "search"],
    ["knowledge.search", ["search"], "search-2"],
    ["knowledge.search", ["search", "search-2", "search-3"], "search-4"],
    ["plugin.2Äb c", [], "b-c"],
    ["???", [], "block"],
  ])("%s beside %j is %s", (kind, taken, id) => expect(freshId(kind, new Set(taken))).toBe(id));
  test("are of the form the flow file allows, however long the kind's name", () => {
    const id = freshId(`x.${"very-".repeat(20)}`, new Set());
    expect(freshId(`x.${"very-".repeat(20)}`, new Set([id]))).toMatch(/^[a-z][a-z0-9_-]{0,39}$/);
  });
});

describe("places", () => {
  const view = { x: 0, y: 0, width: 900, height: 500 };
  test("the first is the middle", () => expect(freePlace(view, [])).toEqual({ x: 360, y: 210 }));
  test("many never overlap, and stay in view while it has room", () => {
    const taken: (typeof view)[] = [];
    for (let i = 0; i < 3; i++) taken.push({ ...freePlace(view, taken), ...CARD_SIZE });
    expect(taken.every((box) => holds(view, box))).toBe(true);
    for (let i = 3; i < 25; i++) taken.push({ ...freePlace(view, taken), ...CARD_SIZE });
    for (const a of taken) for (const b of taken) if (a !== b) expect(apart(a, b)).toBe(true);
  });
  test("beside means to the right", () => {
    const node = { x: 100, y: 100, ...CARD_SIZE };
    const at = placeBeside(node, [node]);
    expect(at).toEqual({ x: 330, y: 100 });
    expect(placeBeside(node, [node, { ...at, ...CARD_SIZE }]).x).toBeGreaterThanOrEqual(330);
  });
  const apart = (a: typeof view, b: typeof view) =>
    a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
});

test("a copy brings the edges among the copied, not those to others", () => {
  const flow = flowOf(add("say", "talk.say"), add("model"), add("model-2"), connect("say.message", "model.prompt"), connect("model.text", "model-2.prompt"));
  const { ops, ids } = pasteOps(clipOf(flow, ["model", "model-2"]), flow, { x: 40, y: 40 });
  const after = replay(flow, ops, CATALOG);
  expect(ids).toEqual(["model-3", "model-4"]);
  expect(after.edges.slice(2)).toEqual([{ from: "model-3.text", to: "model-4.prompt" }]);
  expect(after.layout["model-3"]).toEqual({ x: 40, y: 40 });
});

describe("the picture", () => {
  const say = speaker();
  const flow = flowOf(add("a"), add("b"), connect("a.text", "b.prompt"));
  const nodes = nextNodes([], flow, new Set(["b"]));
  const edges = nextEdges([], flow, say);
  test("selects what was asked for", () => expect(nodes.map((node) => node.selected)).toEqual([false, true]));
  test("stays the very same when nothing changed", () => {
    expect(nextNodes(nodes, flow, null)).toBe(nodes);
    expect(nextEdges(edges, flow, say)).toBe(edges);
  });
  test("changes only the node that changed", () => {
    const after = nextNodes(nodes, applyOp(flow, { op: "rename", node: "a", name: "A" }, CATALOG), null);
    expect(after[0]).not.toBe(nodes[0]);
    expect(after[1]).toBe(nodes[1]);
  });
  test("leaves a node in the hand where the hand is", () => {
    const held = nodes.map((node) => ({ ...node, dragging: true, position: { x: 7, y: 7 } }));
    const moved = applyOp(flow, { op: "move", positions: { a: { x: 500, y: 500 } } }, CATALOG);
    expect(nextNodes(held, moved, null)[0]!.position).toEqual({ x: 7, y: 7 });
  });
});

describe("keys", () => {
  const key = (name: string, held: Partial<KeyboardEvent> = {}) =>
    commandOf({ key: name, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held });
  test.each([
    ["z", { ctrlKey: true }, "undo"],
    ["Z", { metaKey: true, shiftKey: true }, "redo"],
    ["y", { ctrlKey: true }, "redo"],
    ["d", { metaKey: true }, "duplicate"],
    ["g", { ctrlKey: true }, "group"],
    ["G", { ctrlKey: true, shiftKey: true }, "combine"],
    ["g", { metaKey: true, shiftKey: true }, "combine"],
    ["Delete", {}, "remove"],
    ["Backspace", {}, "remove"],
    ["Escape", {}, "clear"],
    ["F2", {}, "rename"],
  ])("%s %j", (name, held, command) => expect(key(name, held)?.do).toBe(command));
  test("arrows nudge, farther with shift", () => {
    expect(key("ArrowLeft")).toEqual({ do: "nudge", by: { x: -10, y: 0 } });
    expect(key("ArrowDown", { shiftKey: true })).toEqual({ do: "nudge", by: { x: 0, y: 50 } });
  });
  test("letters alone do nothing", () => expect(key("c")).toBeNull());
});

describe("searching blocks", () => {
  const found = (query: string) => findKinds(CATALOG, query).map((group) => [group.id, ...group.kinds.map((kind) => kind.id)]);
  test("none asked, all shown, strange groups last", () =>
    expect(found("")).toEqual([["talk", "talk.say"], ["models", "model", "agent"], ["tools", "sums"]]));
  test("looks into the help, whatever the case", () => expect(found("TOOLS")).toEqual([["models", "agent"]]));
  test("finds nothing", () => expect(found("zebra")).toEqual([]));
});
