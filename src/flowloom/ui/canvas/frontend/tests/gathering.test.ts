import { describe, expect, it, test } from "vitest";
import { aligned, type Alignment } from "../src/flow/align";
import { nextEdges } from "../src/board/nodes";
import { applyOp, replay } from "../src/flow/apply";
import { clipOf, pasteOps, pasteShift, readClip, writeClip } from "../src/flow/clip";
import { foldsOf, frameOf, groupOps, isGrouped, leaveOps, membersOf, withMembers } from "../src/flow/groups";
import { guided } from "../src/flow/guides";
import { findNodes } from "../src/flow/search";
import { speaker } from "../src/texts";
import { add, CATALOG, connect, flowOf } from "./samples";

const chain = () => flowOf(add("say", "talk.say"), add("model"), connect("say.message", "model.prompt"));
const grouped = () => replay(chain(), groupOps("group", ["say", "model"], chain(), { x: 0, y: 0 }), CATALOG);

describe("copied text", () => {
  it("comes back as the same blocks", () => {
    const clip = clipOf(chain(), ["say", "model"]);
    expect(readClip(writeClip(clip))).toEqual(clip);
  });
  test.each([
    ["nothing", ""],
    ["words", "Hello there"],
    ["half of it", writeClip(clipOf(chain(), ["say"])).slice(0, 40)],
    ["other JSON", '{"nodes": [{"id": "a", "kind": "prompt"}]}'],
    ["no blocks", '{"flowloom": 1, "nodes": []}'],
    ["a list", "[1, 2]"],
    ["a block that is none", '{"flowloom": 1, "nodes": [5]}'],
    ["a place that is none", '{"flowloom": 1, "nodes": [{"id": "a", "kind": "prompt"}], "layout": {"a": {"x": "1"}}}'],
    ["more than a person means", `{"flowloom": 1, "nodes": [${Array(501).fill('{"id": "a", "kind": "prompt"}').join()}]}`],
    ["a picture's worth", "{".repeat(5_000_001)],
  ])("%s is no flow", (_, text) => expect(readClip(text)).toBeNull());
  it("leaves out lines to what was not copied along", () => {
    const clip = readClip('{"flowloom": 1, "nodes": [{"id": "a", "kind": "model"}], "edges": [{"from": "a.text", "to": "gone.prompt"}]}')!;
    expect(pasteOps(clip, flowOf(), { x: 0, y: 0 }).ops.map((op) => op.op)).toEqual(["add"]);
  });
  it("lands beside the originals, or in view where those are not", () => {
    const clip = clipOf(chain(), ["say"]);
    expect(pasteShift(clip, chain(), { x: -200, y: -200, width: 900, height: 600 })).toEqual({ x: 40, y: 40 });
    expect(pasteShift(clip, flowOf(), { x: 5000, y: 5000, width: 180, height: 90 })).toEqual({ x: 5000, y: 5000 });
    expect(pasteShift(clip, flowOf(), { x: 0, y: 0, width: 9, height: 9 }, { x: 300, y: 100 })).toEqual({ x: 300, y: 100 });
  });
});

describe("groups", () => {
  it("frame their members wherever these lie", () => {
    const flow = applyOp(grouped(), { op: "move", positions: { say: { x: 0, y: 0 }, model: { x: 400, y: 100 } } }, CATALOG);
    const sizes = new Map([["say", { width: 100, height: 50 }], ["model", { width: 100, height: 50 }]]);
    expect(frameOf(flow.nodes.group!, flow, sizes)).toEqual({ x: -20, y: -50, width: 540, height: 220 });
  });
  it("hide their members and the lines among them while folded", () => {
    const node = grouped().nodes.group!;
    const flow = applyOp(grouped(), { op: "configure", node: "group", config: { ...node.config, folded: true } }, CATALOG);
    expect([...foldsOf(flow)]).toEqual([["say", "group"], ["model", "group"]]);
    const more = replay(flow, [add("answer", "model"), connect("model.text", "answer.prompt")], CATALOG);
    const lines = nextEdges([], more, speaker());
    expect(lines.map(({ source, target }) => [source, target])).toEqual([["group", "answer"]]);
  });
  it("let go of a block that joins another", () => {
    const flow = replay(grouped(), groupOps("second", ["model"], grouped(), { x: 0, y: 0 }), CATALOG);
    expect(membersOf(flow.nodes.group!)).toEqual(["say"]);
    expect(membersOf(flow.nodes.second!)).toEqual(["model"]);
    expect(flow.nodes.second!.config!.color).not.toBe(flow.nodes.group!.config!.color);
    const after = replay(flow, leaveOps(new Set(["model"]), flow), CATALOG);
    expect(isGrouped("model", after)).toBe(false);
  });
  it("are copied with what they hold", () => {
    const ids = withMembers(["group"], grouped());
    const { ops } = pasteOps(clipOf(grouped(), ids), grouped(), { x: 0, y: 0 });
    const copy = replay(grouped(), ops, CATALOG);
    expect(membersOf(copy.nodes["group-2"]!)).toEqual(["say-2", "model-2"]);
  });
  it.each([[{ members: "say" }], [{ members: [1, null] }], [{}]])("with odd members %j hold nothing", (config) => {
    const flow = flowOf({ op: "add", node: { id: "group", kind: "group", config: config as Record<string, unknown> }, at: { x: 0, y: 0 } });
    expect(frameOf(flow.nodes.group!, flow, new Map())).toBeNull();
  });
});

describe("alignment", () => {
  const box = (x: number, y: number, width = 100) => ({ x, y, width, height: 50 });
  const boxes = new Map([["a", box(0, 0)], ["b", box(130, 70)], ["c", box(500, 40)]]);
  test.each<[Alignment, [number, number][]]>([
    ["left", [[0, 0], [0, 70], [0, 40]]],
    ["top", [[0, 0], [130, 0], [500, 0]]],
    ["across", [[0, 0], [250, 70], [500, 40]]],
    ["down", [[0, 0], [130, 140], [500, 70]]],
  ])("%s", (how, places) => {
    const found = aligned(boxes, how);
    expect(["a", "b", "c"].map((id) => [found[id]!.x, found[id]!.y])).toEqual(places);
  });
});

describe("guides", () => {
  const other = { x: 300, y: 200, width: 180, height: 100 };
  test.each([
    ["left edges", { x: 304, y: 900 }, { x: 300, y: 900 }, { x: 300 }],
    ["middles, level", { x: 900, y: 223 }, { x: 900, y: 225 }, { y: 250 }],
    ["far away", { x: 900, y: 900 }, { x: 900, y: 900 }, {}],
  ])("%s", (_, at, meets, guides) => {
    expect(guided({ ...at, width: 120, height: 50 }, [other])).toEqual({ at: meets, guides });
  });
});

describe("search", () => {
  const flow = flowOf({ op: "add", node: { id: "model", kind: "model", name: "Reply", config: { rows: [{ text: "Offer a Refund first" }] } }, at: { x: 0, y: 0 } });
  it("finds words however deep they are said", () => expect(findNodes(flow, "refund")).toEqual([{ id: "model", name: "Reply", excerpt: "Offer a Refund first" }]));
  it("finds names", () => expect(findNodes(flow, "rep")[0]!.id).toBe("model"));
  it.each(["", "  ", "absent"])("finds nothing for %j", (query) => expect(findNodes(flow, query)).toEqual([]));
});
