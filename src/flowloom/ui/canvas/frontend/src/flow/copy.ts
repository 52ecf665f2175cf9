/** Copies of nodes and the edges among them, as ops that make them anew. */
import type { FlowEdge, FlowNode, FlowState, Op, Point } from "../model";
import { freshId } from "./ids";
import { placeOf } from "./place";
import { nodeOf, portOf } from "./ports";

export interface Clip {
  nodes: FlowNode[];
  edges: FlowEdge[];
  layout: Record<string, Point>;
}

export function clipOf(flow: FlowState, ids: string[]): Clip {
  const chosen = new Set(ids);
  const order = Object.keys(flow.nodes);
  return {
    nodes: ids.flatMap((id) => flow.nodes[id] ?? []),
    edges: flow.edges.filter((edge) => chosen.has(nodeOf(edge.from)) && chosen.has(nodeOf(edge.to))),
    layout: Object.fromEntries(ids.map((id) => [id, placeOf(flow, id, order.indexOf(id))])),
  };
}

export function pasteOps(clip: Clip, flow: FlowState, shift: Point, mark = (id: string) => id) {
  const taken = new Set(Object.keys(flow.nodes));
  const renamed = new Map<string, string>();
  for (const node of clip.nodes) {
    const id = mark(freshId(node.kind, taken));
    taken.add(id);
    renamed.set(node.id, id);
  }
  const follow = (end: string) => `${renamed.get(nodeOf(end))}.${portOf(end)}`;
  const adds = clip.nodes.map((node): Op => {
    const at = clip.layout[node.id] ?? { x: 0, y: 0 };
    return {
      op: "add",
      node: { ...node, id: renamed.get(node.id)! },
      at: { x: at.x + shift.x, y: at.y + shift.y },
    };
  });
  const joins = clip.edges.map((edge): Op => ({ op: "connect", from: follow(edge.from), to: follow(edge.to) }));
  return { ops: [...adds, ...joins], ids: [...renamed.values()] };
}

const PLACE = "flowloom:clipboard";
let remembered: Clip | null = null;

export function remember(clip: Clip): void {
  remembered = clip;
  try {
    localStorage.setItem(PLACE, JSON.stringify(clip));
  } catch {
    // Without storage a copy reaches as far as this page.
  }
}

export function recall(): Clip | null {
  try {
    const kept = localStorage.getItem(PLACE);
    return kept ? (JSON.parse(kept) as Clip) : remembered;
  } catch {
    return remembered;
  }
}
