/** How a flow changes: by a person's op at once, by the server's patch for good. */
import type { Card, Catalog, FlowEdge, FlowNode, FlowState, Kind, Op, Patch, Snapshot } from "../model";
import { nodeOf } from "./ports";

export const EMPTY: FlowState = {
  revision: 0,
  nodes: {},
  cards: {},
  edges: [],
  layout: {},
  problems: [],
  can_undo: false,
  can_redo: false,
};

export const sameEdge = (a: FlowEdge, b: FlowEdge) => a.from === b.from && a.to === b.to;

/** Keep the old object where nothing changed, so that memoised parts of the picture stay as they are. */
function keep<T>(before: T | undefined, after: T): T {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(after) ? before : after;
}

function keepAll<T>(before: Record<string, T>, after: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(after).map(([id, value]) => [id, keep(before[id], value)]));
}

export function fromSnapshot(snapshot: Snapshot, before: FlowState = EMPTY): FlowState {
  const nodes = Object.fromEntries(snapshot.flow.nodes.map((node) => [node.id, node]));
  return {
    revision: snapshot.revision,
    nodes: keepAll(before.nodes, nodes),
    cards: keepAll(before.cards, snapshot.cards),
    edges: keep(before.edges, snapshot.flow.edges),
    layout: keepAll(before.layout, snapshot.flow.layout),
    problems: keep(before.problems, snapshot.problems),
    can_undo: snapshot.can_undo,
    can_redo: snapshot.can_redo,
  };
}

function merged<T>(before: Record<string, T>, changes: Record<string, T | null>): Record<string, T> {
  const after = { ...before };
  for (const [id, value] of Object.entries(changes)) {
    if (value === null) delete after[id];
    else after[id] = keep(before[id], value);
  }
  return after;
}

export function applyPatch(flow: FlowState, patch: Patch): FlowState {
  const changed = Object.entries(patch.nodes ?? {});
  const gone = new Set(changed.filter(([, value]) => value === null).map(([id]) => id));
  const removed = patch.edges?.removed ?? [];
  const kept = flow.edges.filter(
    (edge) => !gone.has(nodeOf(edge.from)) && !gone.has(nodeOf(edge.to)) && !removed.some((one) => sameEdge(one, edge)),
  );
  const added = (patch.edges?.added ?? []).filter((edge) => !kept.some((one) => sameEdge(one, edge)));
  return {
    revision: patch.revision,
    nodes: merged(flow.nodes, Object.fromEntries(changed.map(([id, value]) => [id, value && value.node]))),
    cards: merged(flow.cards, Object.fromEntries(changed.map(([id, value]) => [id, value && value.card]))),
    edges: added.length || kept.length !== flow.edges.length ? [...kept, ...added] : flow.edges,
    layout: merged(flow.layout, { ...nulls(gone), ...patch.layout }),
    problems: keep(flow.problems, patch.problems ?? flow.problems),
    can_undo: patch.can_undo ?? flow.can_undo,
    can_redo: patch.can_redo ?? flow.can_redo,
  };
}

const nulls = (ids: Iterable<string>) => Object.fromEntries([...ids].map((id) => [id, null]));

/** The flow as it will look once the server has taken the op. An op that does not fit changes nothing. */
export function applyOp(flow: FlowState, op: Op, catalog: Catalog): FlowState {
  switch (op.op) {
    case "add":
      return flow.nodes[op.node.id] ? flow : edited(flow, added(flow, op.node, op.at, catalog));
    case "remove":
      return edited(flow, without(flow, new Set(op.nodes), op.edges));
    case "move": {
      const known = Object.entries(op.positions).filter(([id]) => flow.nodes[id]);
      return edited(flow, { layout: { ...flow.layout, ...Object.fromEntries(known) } });
    }
    case "connect":
      return edited(flow, joined(flow, { from: op.from, to: op.to }));
    case "disconnect":
      return edited(flow, { edges: flow.edges.filter((edge) => !sameEdge(edge, op)) });
    case "rename":
      return edited(flow, changed(flow, op.node, { name: op.name }));
    case "configure":
      return edited(flow, changed(flow, op.node, { config: op.config }));
    default:
      // Only the server knows the history, and what can become one block: these show once it has answered.
      return flow;
  }
}

export function replay(flow: FlowState, ops: Op[], catalog: Catalog): FlowState {
  return ops.reduce((state, op) => applyOp(state, op, catalog), flow);
}

const edited = (flow: FlowState, changes: Partial<FlowState>): FlowState => ({
  ...flow,
  ...changes,
  can_undo: true,
  can_redo: false,
});

function added(flow: FlowState, node: FlowNode, at: { x: number; y: number }, catalog: Catalog) {
  return {
    nodes: { ...flow.nodes, [node.id]: node },
    cards: { ...flow.cards, [node.id]: cardOf(node, catalog) },
    layout: { ...flow.layout, [node.id]: at },
  };
}

function without(flow: FlowState, gone: Set<string>, edges: FlowEdge[]): Partial<FlowState> {
  const rest = <T>(of: Record<string, T>) => Object.fromEntries(Object.entries(of).filter(([id]) => !gone.has(id)));
  return {
    nodes: rest(flow.nodes),
    cards: rest(flow.cards),
    layout: rest(flow.layout),
    problems: flow.problems.filter((problem) => !problem.node || !gone.has(problem.node)),
    edges: flow.edges.filter(
      (edge) => !gone.has(nodeOf(edge.from)) && !gone.has(nodeOf(edge.to)) && !edges.some((one) => sameEdge(one, edge)),
    ),
  };
}

function joined(flow: FlowState, edge: FlowEdge): Partial<FlowState> {
  const fits = flow.nodes[nodeOf(edge.from)] && flow.nodes[nodeOf(edge.to)];
  return fits && !flow.edges.some((one) => sameEdge(one, edge)) ? { edges: [...flow.edges, edge] } : {};
}

function changed(flow: FlowState, id: string, changes: Partial<FlowNode>): Partial<FlowState> {
  const node = flow.nodes[id];
  return node ? { nodes: { ...flow.nodes, [id]: { ...node, ...changes } } } : {};
}

export function cardOf(node: FlowNode, catalog: Catalog): Card {
  const kind = catalog.kinds.find((one) => one.id === node.kind);
  if (!kind) return { label: node.kind, icon: "extension", group: "", summary: "", inputs: [], outputs: [], known: false };
  return {
    label: kind.label,
    icon: kind.icon,
    group: kind.group,
    summary: "",
    inputs: kind.inputs,
    outputs: outputsOf(kind, catalog.texts?.as_tool ?? "As a tool"),
    known: true,
    ways: kind.ways ?? [],
    answers: kind.answers ?? false,
    documents: kind.documents ?? false,
  };
}

function outputsOf(kind: Kind, label: string) {
  if (!kind.can_be_tool || kind.outputs.some((port) => port.type === "tool")) return kind.outputs;
  return [...kind.outputs, { id: "tool", label, type: "tool" }];
}
