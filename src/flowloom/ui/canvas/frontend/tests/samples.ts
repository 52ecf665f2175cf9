/** A small catalog, and flows and edits made by chance but the same every time. */
import type { Catalog, FlowState, Op, Patch, Snapshot } from "../src/model";
import { applyOp, EMPTY } from "../src/flow/apply";
import { freshId } from "../src/flow/ids";

const text = (id: string, required = true) => ({ id, label: id, type: "text", required });

export const CATALOG: Catalog = {
  kinds: [
    { id: "talk.say", label: "Say", help: "Says it", icon: "chat", group: "talk", inputs: [], outputs: [text("message")] },
    { id: "model", label: "Model", help: "Asks", icon: "star", group: "models", inputs: [text("prompt")], outputs: [text("text")] },
    {
      id: "sums",
      label: "Sums",
      help: "Counts",
      icon: "calculate",
      group: "tools",
      inputs: [text("sum")],
      outputs: [{ id: "result", label: "Result", type: "number" }],
      can_be_tool: true,
    },
    {
      id: "agent",
      label: "Agent",
      help: "Uses tools",
      icon: "robot",
      group: "models",
      inputs: [text("question"), { id: "tools", label: "Tools", type: "tool", many: true }],
      outputs: [text("text")],
    },
  ],
  groups: [
    { id: "talk", label: "Talk" },
    { id: "models", label: "Models" },
  ],
  types: { text: { label: "text" }, number: { label: "a number" }, tool: { label: "a tool" }, any: { label: "anything" } },
  allowed: [
    ["text", "text"],
    ["number", "text"],
    ["number", "number"],
    ["tool", "tool"],
    ["any", "text"],
  ],
};

export function chance(seed: number) {
  let state = seed * 2654435761 + 1;
  const next = () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) / 4294967296;
  };
  return { next, of: <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!, under: (n: number) => Math.floor(next() * n) };
}

export type Chance = ReturnType<typeof chance>;

export function flowOf(...ops: Op[]): FlowState {
  return ops.reduce((flow, op) => applyOp(flow, op, CATALOG), EMPTY);
}

export const add = (id: string, kind = "model", x = 0, y = 0): Op => ({ op: "add", node: { id, kind, config: {} }, at: { x, y } });
export const connect = (from: string, to: string): Op => ({ op: "connect", from, to });

/** Any edit, fitting or not: the flow may have changed since the person saw it. */
export function someOp(flow: FlowState, { of, under, next }: Chance): Op {
  const ids = Object.keys(flow.nodes);
  const id = ids.length ? of(ids) : "nobody";
  const kinds: Op[] = [
    { op: "add", node: { id: freshId("model", new Set(ids)), kind: "model", config: {} }, at: { x: under(900), y: under(600) } },
    { op: "remove", nodes: next() < 0.4 ? [id] : [], edges: flow.edges.length ? [of(flow.edges)] : [] },
    { op: "move", positions: { [id]: { x: under(900), y: under(600) } } },
    { op: "connect", from: `${id}.text`, to: `${ids.length ? of(ids) : "nobody"}.prompt` },
    flow.edges.length ? { op: "disconnect", ...of(flow.edges) } : { op: "undo" },
    { op: "rename", node: id, name: `Name ${under(99)}` },
    { op: "configure", node: id, config: { n: under(99) } },
  ];
  return of(kinds);
}

export function snapshotOf(flow: FlowState): Snapshot {
  const { revision, nodes, edges, layout, cards, problems, can_undo, can_redo } = flow;
  return JSON.parse(
    JSON.stringify({ revision, flow: { nodes: Object.values(nodes), edges, layout }, cards, problems, can_undo, can_redo }),
  ) as Snapshot;
}

/** What the server would send for the step from one flow to the next. */
export function patchBetween(before: FlowState, after: FlowState): Patch {
  const ids = [...new Set([...Object.keys(before.nodes), ...Object.keys(after.nodes)])];
  const changed = <T>(from: Record<string, T>, to: Record<string, T>) =>
    ids.filter((id) => JSON.stringify(from[id]) !== JSON.stringify(to[id]));
  const has = (list: FlowState["edges"], edge: FlowState["edges"][number]) =>
    list.some((one) => one.from === edge.from && one.to === edge.to);
  return JSON.parse(
    JSON.stringify({
      revision: after.revision,
      nodes: Object.fromEntries(
        changed(before.nodes, after.nodes).map((id) => [id, after.nodes[id] ? { node: after.nodes[id], card: after.cards[id] } : null]),
      ),
      edges: {
        added: after.edges.filter((edge) => !has(before.edges, edge)),
        removed: before.edges.filter((edge) => !has(after.edges, edge)),
      },
      layout: Object.fromEntries(changed(before.layout, after.layout).map((id) => [id, after.layout[id] ?? null])),
      problems: after.problems,
      can_undo: after.can_undo,
      can_redo: after.can_redo,
    }),
  ) as Patch;
}
