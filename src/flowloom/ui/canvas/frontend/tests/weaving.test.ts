import { describe, expect, it } from "vitest";
import { attachOps, insertOps, kindsFor } from "../src/flow/insert";
import { tidyPlaces } from "../src/flow/layout";
import { allowedPairs } from "../src/flow/ports";
import type { FlowState } from "../src/model";
import { CATALOG, flowOf } from "./samples";

const ALLOWED = allowedPairs(CATALOG);
const kind = (id: string) => CATALOG.kinds.find((one) => one.id === id)!;
const at = { x: 0, y: 0 };

function chain(): FlowState {
  return flowOf(
    { op: "add", node: { id: "say", kind: "talk.say", config: {} }, at },
    { op: "add", node: { id: "agent", kind: "agent", config: {} }, at },
    { op: "connect", from: "say.message", to: "agent.question" },
  );
}

const LINE = { from: "say.message", to: "agent.question" };

describe("a block dropped on a line", () => {
  it("is led through where it fits", () => {
    const ops = insertOps(kind("model"), "model", at, LINE, chain(), CATALOG, ALLOWED);
    expect(ops.slice(1)).toEqual([
      { op: "disconnect", ...LINE },
      { op: "connect", from: "say.message", to: "model.prompt" },
      { op: "connect", from: "model.text", to: "agent.question" },
    ]);
  });

  it("takes a type that can be turned into the next", () => {
    const ops = insertOps(kind("sums"), "sums", at, LINE, chain(), CATALOG, ALLOWED);
    expect(ops.at(-1)).toEqual({ op: "connect", from: "sums.result", to: "agent.question" });
  });

  it("lies beside it where it does not", () => {
    expect(insertOps(kind("talk.say"), "say-2", at, LINE, chain(), CATALOG, ALLOWED)).toHaveLength(1);
  });
});

describe("a line let go of in the open", () => {
  it("offers only what fits", () => {
    const ids = (begun: Parameters<typeof kindsFor>[0]) => kindsFor(begun, CATALOG, ALLOWED).map((one) => one.id);
    expect(ids({ end: "say.message", side: "output", type: "text" })).toEqual(["model", "sums", "agent"]);
    expect(ids({ end: "agent.tools", side: "input", type: "tool" })).toEqual(["sums"]);
  });

  it("joins what is chosen, in the right direction", () => {
    const forward = attachOps(kind("model"), "m", at, { end: "say.message", side: "output", type: "text" }, CATALOG, ALLOWED);
    expect(forward[1]).toEqual({ op: "connect", from: "say.message", to: "m.prompt" });
    const tool = attachOps(kind("sums"), "s", at, { end: "agent.tools", side: "input", type: "tool" }, CATALOG, ALLOWED);
    expect(tool[1]).toEqual({ op: "connect", from: "s.tool", to: "agent.tools" });
  });
});

describe("tidying up", () => {
  const size = { width: 240, height: 130 };
  const sizes = new Map([["say", size], ["agent", size], ["lone", size]]);

  it("reads from left to right, and nothing overlaps", () => {
    const places = tidyPlaces(chain(), ["say", "agent"], sizes);
    expect(places["agent"]!.x).toBeGreaterThanOrEqual(places["say"]!.x + size.width);
  });

  it("leaves what was not asked about", () => {
    expect(Object.keys(tidyPlaces(chain(), ["agent"], sizes))).toEqual(["agent"]);
  });

  it("keeps the corner where it was", () => {
    const places = Object.values(tidyPlaces(chain(), ["say", "agent"], sizes));
    expect(Math.min(...places.map((place) => place.x))).toBe(0);
    expect(Math.min(...places.map((place) => place.y))).toBe(0);
  });
});
