/** The flow as React Flow wants it, changing only what has changed. */
import type { Edge, Node } from "@xyflow/react";
import type { Card, FlowEdge, FlowNode, FlowState } from "../model";
import { FOLD_IN, FOLD_OUT, foldedEnds, foldsOf, GROUP } from "../flow/groups";
import { placeOf } from "../flow/place";
import { nameOf, nodeOf, portOf } from "../flow/ports";
import type { Say } from "../texts";

export interface BlockData extends Record<string, unknown> {
  node: FlowNode;
  card: Card;
  /** The ids of its connected inputs, as one text, so that equal sets compare equal. */
  joined: string;
  /** The ids of its outputs with a line, likewise. */
  leading: string;
}

export type BlockNode = Node<BlockData>;
export interface LineData extends Record<string, unknown> {
  edge: FlowEdge;
  type: string;
}
export type LineEdge = Edge<LineData>;

export const edgeId = (edge: FlowEdge) => `${edge.from}>${edge.to}`;

const TYPES: Record<string, string> = { note: "note", [GROUP]: GROUP };
const UNKNOWN: Card = { label: "", icon: "extension", group: "", summary: "", inputs: [], outputs: [], known: false };

export function nextNodes(before: BlockNode[], flow: FlowState, select: ReadonlySet<string> | null): BlockNode[] {
  const old = new Map(before.map((node) => [node.id, node]));
  const joined = connectedPorts(flow.edges, "to");
  const leading = connectedPorts(flow.edges, "from");
  let changed = before.length !== Object.keys(flow.nodes).length;
  const after = Object.values(flow.nodes).map((node, index) => {
    const made = nextNode(old.get(node.id), node, flow, index, { joined: joined.get(node.id) ?? "", leading: leading.get(node.id) ?? "" }, select);
    changed ||= made !== before[index];
    return made;
  });
  return changed ? after : before;
}

function nextNode(
  old: BlockNode | undefined,
  node: FlowNode,
  flow: FlowState,
  index: number,
  { joined, leading }: Pick<BlockData, "joined" | "leading">,
  select: ReadonlySet<string> | null,
): BlockNode {
  const card = flow.cards[node.id] ?? UNKNOWN;
  const type = TYPES[node.kind] ?? "block";
  const selected = select ? select.has(node.id) : (old?.selected ?? false);
  const data = { node, card, joined, leading };
  const ariaLabel = node.name && node.name !== card.label ? `${node.name}, ${card.label}` : card.label || node.kind;
  if (!old) {
    const handle = type === GROUP ? { dragHandle: ".fl-group-head", style: { pointerEvents: "none" as const } } : {};
    return { id: node.id, type, position: placeOf(flow, node.id, index), data, selected, ariaLabel, ...handle };
  }
  // A frame lies where its members are, wherever it was saved.
  const position = old.dragging || type === GROUP ? old.position : placeOf(flow, node.id, index);
  const sameData = old.data.node === node && old.data.card === card && old.data.joined === joined && old.data.leading === leading;
  const samePlace = old.position.x === position.x && old.position.y === position.y;
  if (sameData && samePlace && old.selected === selected && old.type === type) return old;
  return {
    ...old,
    type,
    selected,
    ariaLabel,
    data: sameData ? old.data : data,
    position: samePlace ? old.position : position,
  };
}

function connectedPorts(edges: FlowEdge[], side: "from" | "to"): Map<string, string> {
  const found = new Map<string, Set<string>>();
  for (const edge of edges) {
    const ports = found.get(nodeOf(edge[side]));
    if (ports) ports.add(portOf(edge[side]));
    else found.set(nodeOf(edge[side]), new Set([portOf(edge[side])]));
  }
  return new Map([...found].map(([node, ports]) => [node, [...ports].sort().join(" ")]));
}

export function nextEdges(before: LineEdge[], flow: FlowState, say: Say): LineEdge[] {
  const old = new Map(before.map((edge) => [edge.id, edge]));
  const fits = flow.edges.filter((edge) => flow.nodes[nodeOf(edge.from)] && flow.nodes[nodeOf(edge.to)]);
  const folds = foldsOf(flow);
  const after = fits.flatMap((edge) => {
    const ends = foldedEnds(edge, folds);
    if (!ends) return [];
    const type = typeOf(flow, edge);
    const known = old.get(edgeId(edge));
    const same = known?.data?.type === type && known.source === ends.source && known.target === ends.target;
    return same ? known : newEdge(edge, ends, type, known?.selected ?? false, words(flow, edge, say));
  });
  const changed = before.length !== after.length || after.some((edge, index) => edge !== before[index]);
  return changed ? after : before;
}

function newEdge(edge: FlowEdge, ends: { source: string; target: string }, type: string, selected: boolean, ariaLabel: string): LineEdge {
  const isWhole = ends.source === nodeOf(edge.from) && ends.target === nodeOf(edge.to);
  return {
    id: edgeId(edge),
    type: "line",
    source: ends.source,
    sourceHandle: ends.source === nodeOf(edge.from) ? portOf(edge.from) : FOLD_OUT,
    target: ends.target,
    targetHandle: ends.target === nodeOf(edge.to) ? portOf(edge.to) : FOLD_IN,
    reconnectable: isWhole,
    selected,
    ariaLabel,
    data: { edge, type },
  };
}

const words = (flow: FlowState, { from, to }: FlowEdge, say: Say) =>
  say("line_from_to", { from: nameOf(flow, nodeOf(from)), to: nameOf(flow, nodeOf(to)) });

function typeOf(flow: FlowState, edge: FlowEdge): string {
  const ports = flow.cards[nodeOf(edge.from)]?.outputs;
  return ports?.find((port) => port.id === portOf(edge.from))?.type ?? "any";
}
