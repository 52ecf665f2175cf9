import { describe, expect, test, vi } from "vitest";
import type { Actions } from "../src/context";
import { itemsOf } from "../src/Menu";
import { applyOp, EMPTY } from "../src/flow/apply";
import type { Op } from "../src/model";
import { CanvasStores, IDLE, type MenuWish, statusAfter } from "../src/store";
import { add, CATALOG, flowOf } from "./samples";

describe("the menu", () => {
  const place = { x: 0, y: 0 };
  const menu = (wish: Partial<MenuWish>) => {
    const actions = { combine: vi.fn(), unpack: vi.fn() };
    const items = itemsOf({ nodes: 0, at: place, screen: place, ...wish }, actions as unknown as Actions, () => undefined);
    return { actions, items, names: items.map((item) => item.name) };
  };
  test("makes what is selected one block", () => {
    const { items, actions } = menu({ nodes: 2 });
    items.find((item) => item.name === "combine")!.use();
    expect(actions.combine).toHaveBeenCalledOnce();
  });
  test("unpacks only a block that can be", () => {
    expect(menu({ nodes: 1, unpacks: true }).names).toContain("unpack");
    expect(menu({ nodes: 1, unpacks: false }).names).not.toContain("unpack");
  });
  test("offers neither where nothing is selected", () =>
    expect(menu({}).names.filter((name) => name === "combine" || name === "unpack")).toEqual([]));
});

test.each<Op>([
  { op: "combine", nodes: ["a", "b"], node: "one" },
  { op: "unpack", node: "a" },
])("$op is drawn by the server alone", (op) => {
  const flow = flowOf(add("a"), add("b"));
  expect(applyOp(flow, op, CATALOG)).toBe(flow);
});

describe("what shall be selected", () => {
  const before = flowOf(add("a"));
  const after = flowOf(add("one"));
  test("waits until it is drawn, and is told once", () => {
    const stores = new CanvasStores();
    stores.selectNext(["one"]);
    expect([before, EMPTY, after, after].map((flow) => stores.takeSelection(flow)?.size)).toEqual([undefined, undefined, 1, undefined]);
  });
  test("may be what comes in the place of a block", () => {
    const stores = new CanvasStores();
    stores.flow.set(flowOf(add("one"), add("other")));
    stores.selectInstead("one");
    expect(stores.takeSelection(stores.flow.get())).toBeNull();
    expect(stores.takeSelection(flowOf(add("other"), add("a"), add("b")))).toEqual(new Set(["a", "b"]));
  });
  test("is forgotten when the edit is refused", () => {
    vi.useFakeTimers();
    const stores = new CanvasStores();
    stores.selectNext(["one"]);
    stores.hearProblem("No.");
    expect(stores.takeSelection(after)).toBeNull();
    expect(stores.toasts.get()).toMatchObject([{ text: "No.", tone: "warning" }]);
    vi.useRealTimers();
  });
});

test("a run may wait for a person, and a list tell how far it is", () => {
  const running = statusAfter(IDLE, { run_id: "r", state: "running", nodes: { a: { status: "running", items: [1, 5] } }, full: true });
  const asked = statusAfter(running, { run_id: "r", state: "paused", nodes: { b: { status: "asking" } } });
  expect(asked.state).toBe("paused");
  expect(asked.nodes).toEqual({ a: { status: "running", items: [1, 5] }, b: { status: "asking" } });
});
