import { describe, expect, test } from "vitest";
import { applyOp, applyPatch, EMPTY, fromSnapshot, replay } from "../src/flow/apply";
import type { FlowState, Op } from "../src/model";
import { add, CATALOG, chance, connect, flowOf, patchBetween, snapshotOf, someOp } from "./samples";

describe("an op", () => {
  test("adds a node with its card and place", () => {
    const flow = flowOf(add("sums", "sums", 10, 20));
    expect(flow.layout.sums).toEqual({ x: 10, y: 20 });
    expect(flow.cards.sums!.outputs.map((port) => port.id)).toEqual(["result", "tool"]);
  });
  test("adds an unknown kind as a placeholder", () => {
    expect(flowOf(add("old", "legacy.thing")).cards.old).toMatchObject({ known: false, label: "legacy.thing" });
  });
  test("that removes a node removes its edges", () => {
    const flow = flowOf(add("a"), add("b"), connect("a.text", "b.prompt"), { op: "remove", nodes: ["a"], edges: [] });
    expect(flow.edges).toEqual([]);
    expect(Object.keys(flow.layout)).toEqual(["b"]);
  });
  test("that joins twice joins once", () => {
    expect(flowOf(add("a"), add("b"), connect("a.text", "b.prompt"), connect("a.text", "b.prompt")).edges).toHaveLength(1);
  });
  test.each<Op>([
    connect("a.text", "gone.prompt"),
    { op: "rename", node: "gone", name: "x" },
    { op: "move", positions: { gone: { x: 1, y: 1 } } },
  ])("that no longer fits changes no content: %o", (op) => {
    const before = flowOf(add("a"));
    expect(content(applyOp(before, op, CATALOG))).toEqual(content(before));
  });
  test("leaves untouched nodes the very same objects", () => {
    const before = flowOf(add("a"), add("b"));
    const after = applyOp(before, { op: "rename", node: "b", name: "B" }, CATALOG);
    expect(after.nodes.a).toBe(before.nodes.a);
    expect(after.nodes.b).not.toBe(before.nodes.b);
  });
});

describe("a patch", () => {
  test.each([...Array(40).keys()])("carries a chance history over, seed %i", (seed) => {
    const luck = chance(seed + 1);
    let server = EMPTY;
    let client = fromSnapshot(snapshotOf(server));
    for (let step = 0; step < 60; step++) {
      const next = { ...applyOp(server, someOp(server, luck), CATALOG), revision: server.revision + 1 };
      client = applyPatch(client, patchBetween(server, next));
      server = next;
    }
    expect(content(client)).toEqual(content(server));
    expect(client.revision).toBe(server.revision);
  });
  test("keeps what it does not touch the very same", () => {
    const before = flowOf(add("a"), add("b"), connect("a.text", "b.prompt"));
    const after = applyPatch(before, { revision: 1, layout: { a: { x: 5, y: 5 } } });
    expect([after.nodes.a, after.cards.b, after.edges, after.layout.b]).toEqual([before.nodes.a, before.cards.b, before.edges, before.layout.b]);
    expect(after.edges).toBe(before.edges);
  });
});

test("a snapshot of the same flow keeps the very same objects", () => {
  const before = flowOf(add("a"), add("b"), connect("a.text", "b.prompt"));
  const after = fromSnapshot(snapshotOf(before), before);
  expect(after.nodes.a).toBe(before.nodes.a);
  expect(after.cards.b).toBe(before.cards.b);
  expect(after.edges).toBe(before.edges);
});

test.each([...Array(40).keys()])("replaying what the server already holds changes nothing, seed %i", (seed) => {
  const luck = chance(seed + 100);
  const ops: Op[] = [];
  let flow = flowOf(add("a"), add("b"));
  for (let step = 0; step < 12; step++) {
    const op = someOp(flow, luck);
    ops.push(op);
    flow = applyOp(flow, op, CATALOG);
  }
  const settled = replay(flow, ops.slice(-1), CATALOG);
  expect(content(settled)).toEqual(content(flow));
});

const content = ({ nodes, edges, layout }: FlowState) => ({ nodes, edges, layout });
