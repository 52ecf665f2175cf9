/** Copies of nodes and the edges among them: as text that any program carries, and as ops that make them anew. */
import type { FlowEdge, FlowNode, FlowState, Op, Point } from "../model";
import { GROUP, membersOf } from "./groups";
import { freshId } from "./ids";
import { type Box, CARD_SIZE, holds, placeOf, snap } from "./place";
import { nodeOf, portOf } from "./ports";

/** The part of a flow file that says what was copied. */
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

export const writeClip = (clip: Clip) => JSON.stringify({ flowloom: 1, ...clip }, null, 1);

const LONGEST = 5_000_000;
const MOST = 500;

/** What a text says of blocks, be it copied here or a whole flow file; null for any other text. */
export function readClip(text: string): Clip | null {
  if (text.length > LONGEST || !text.trimStart().startsWith("{")) return null;
  try {
    const { flowloom, nodes, edges = [], layout = {} } = JSON.parse(text) as Record<string, unknown>;
    if (flowloom !== 1 || !isList(nodes, isNode) || !isList(edges, isEdge) || !isLayout(layout)) return null;
    return nodes.length > 0 && nodes.length <= MOST ? { nodes, edges, layout } : null;
  } catch {
    return null;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const isList = <T>(value: unknown, is: (one: unknown) => one is T): value is T[] => Array.isArray(value) && value.every(is);
const isNode = (value: unknown): value is FlowNode =>
  isRecord(value) && typeof value.id === "string" && typeof value.kind === "string" && (value.config === undefined || isRecord(value.config));
const isEdge = (value: unknown): value is FlowEdge => isRecord(value) && [value.from, value.to].every((end) => typeof end === "string" && end.includes("."));
const isLayout = (value: unknown): value is Record<string, Point> =>
  isRecord(value) && Object.values(value).every((at) => isRecord(at) && Number.isFinite(at.x) && Number.isFinite(at.y));

export function pasteOps(clip: Clip, flow: FlowState, shift: Point, mark = (id: string) => id) {
  const taken = new Set(Object.keys(flow.nodes));
  const renamed = new Map<string, string>();
  for (const node of clip.nodes) {
    const id = mark(freshId(node.kind, taken));
    taken.add(id);
    renamed.set(node.id, id);
  }
  const adds = clip.nodes.map((node, index): Op => {
    const at = placeIn(clip, node.id, index);
    return { op: "add", node: { ...follow(node, renamed), id: renamed.get(node.id)! }, at: { x: at.x + shift.x, y: at.y + shift.y } };
  });
  const end = (old: string) => `${renamed.get(nodeOf(old))}.${portOf(old)}`;
  const known = clip.edges.filter((edge) => renamed.has(nodeOf(edge.from)) && renamed.has(nodeOf(edge.to)));
  const joins = known.map((edge): Op => ({ op: "connect", from: end(edge.from), to: end(edge.to) }));
  return { ops: [...adds, ...joins], ids: [...renamed.values()] };
}

/** A group goes on holding the copies of what it held. */
function follow(node: FlowNode, renamed: ReadonlyMap<string, string>): FlowNode {
  if (node.kind !== GROUP) return node;
  return { ...node, config: { ...node.config, members: membersOf(node).flatMap((id) => renamed.get(id) ?? []) } };
}

const placeIn = (clip: Clip, id: string, index: number): Point =>
  clip.layout[id] ?? { x: (index % 4) * (CARD_SIZE.width + 50), y: Math.floor(index / 4) * 160 };

/** How far copies are moved: around a point, else beside the originals, else to the middle of what is seen. */
export function pasteShift(clip: Clip, flow: FlowState, seen: Box, at?: Point): Point {
  const places = clip.nodes.map((node, index) => placeIn(clip, node.id, index));
  const left = Math.min(...places.map(({ x }) => x));
  const top = Math.min(...places.map(({ y }) => y));
  const width = Math.max(...places.map(({ x }) => x)) + CARD_SIZE.width - left;
  const height = Math.max(...places.map(({ y }) => y)) + CARD_SIZE.height - top;
  if (at) return { x: snap(at.x - left), y: snap(at.y - top) };
  const shift = besides(places, flow);
  if (holds(seen, { x: left + shift, y: top + shift, width: CARD_SIZE.width, height: CARD_SIZE.height })) return { x: shift, y: shift };
  return { x: snap(seen.x + (seen.width - width) / 2 - left), y: snap(seen.y + (seen.height - height) / 2 - top) };
}

/** Beside the original, further along for each copy that lies there already. */
function besides(places: Point[], flow: FlowState): number {
  const taken = new Set(Object.values(flow.layout).map(({ x, y }) => `${x},${y}`));
  const lies = (shift: number) => places.some(({ x, y }) => taken.has(`${x + shift},${y + shift}`));
  let shift = 40;
  while (lies(shift) && shift < 800) shift += 40;
  return shift;
}

const PLACE = "flowloom:clipboard";
let remembered = "";

/** For a paste from a menu, where a browser does not hand out its clipboard. */
export function remember(text: string): void {
  remembered = text;
  try {
    localStorage.setItem(PLACE, text);
  } catch {
    // Without storage a copy reaches as far as this page.
  }
}

export function recall(): string {
  try {
    return localStorage.getItem(PLACE) ?? remembered;
  } catch {
    return remembered;
  }
}
