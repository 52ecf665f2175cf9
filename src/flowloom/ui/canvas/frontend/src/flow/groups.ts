/** Groups: coloured frames around blocks, which can be folded into one card. */
import type { FlowEdge, FlowNode, FlowState, Op, Point } from "../model";
import { type Box, CARD_SIZE, placeOf } from "./place";
import { nodeOf } from "./ports";

export const GROUP = "group";
/** The ports of a folded group, where lines from within and without end. */
export const FOLD_IN = "fold-in";
export const FOLD_OUT = "fold-out";
export const COLOURS = ["blue", "violet", "teal", "green", "amber", "rose"] as const;
export const PADDING = { side: 20, top: 50, bottom: 20 };

export const membersOf = (node: FlowNode): string[] => {
  const members = node.config?.members;
  return Array.isArray(members) ? members.filter((id): id is string => typeof id === "string") : [];
};
export const isFolded = (node: FlowNode) => node.config?.folded === true;
export const colourOf = (node: FlowNode) => COLOURS.find((colour) => colour === node.config?.color) ?? COLOURS[0];

/** Which folded group hides a node; a block in several groups goes with the first that is folded. */
export function foldsOf(flow: FlowState): Map<string, string> {
  const folds = new Map<string, string>();
  for (const node of Object.values(flow.nodes)) {
    if (node.kind !== GROUP || !isFolded(node)) continue;
    for (const id of membersOf(node)) if (flow.nodes[id] && id !== node.id && !folds.has(id)) folds.set(id, node.id);
  }
  return folds;
}

/** The frame around the members of a group that are there; null where none is. */
export function frameOf(node: FlowNode, flow: FlowState, sizes: ReadonlyMap<string, Pick<Box, "width" | "height">>): Box | null {
  const order = Object.keys(flow.nodes);
  const boxes = membersOf(node)
    .filter((id) => flow.nodes[id] && id !== node.id)
    .map((id) => ({ ...placeOf(flow, id, order.indexOf(id)), ...(sizes.get(id) ?? CARD_SIZE) }));
  if (!boxes.length) return null;
  const x = Math.min(...boxes.map((box) => box.x)) - PADDING.side;
  const y = Math.min(...boxes.map((box) => box.y)) - PADDING.top;
  const right = Math.max(...boxes.map((box) => box.x + box.width)) + PADDING.side;
  const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + PADDING.bottom;
  return { x, y, width: right - x, height: bottom - y };
}

/** Take nodes out of the groups they are in. */
export function leaveOps(ids: ReadonlySet<string>, flow: FlowState): Op[] {
  return Object.values(flow.nodes)
    .filter((node) => node.kind === GROUP && membersOf(node).some((one) => ids.has(one)))
    .map((node): Op => ({ op: "configure", node: node.id, config: { ...node.config, members: membersOf(node).filter((one) => !ids.has(one)) } }));
}

export const isGrouped = (id: string, flow: FlowState) =>
  Object.values(flow.nodes).some((node) => node.kind === GROUP && membersOf(node).includes(id));

/** Put nodes in a new group; one that is in another leaves that. */
export function groupOps(id: string, members: string[], flow: FlowState, at: Point): Op[] {
  const leave = leaveOps(new Set(members), flow);
  const colour = COLOURS[Object.values(flow.nodes).filter((node) => node.kind === GROUP).length % COLOURS.length];
  return [...leave, { op: "add", node: { id, kind: GROUP, config: { color: colour, members } }, at }];
}

/** The nodes and, for groups among them, all that these hold. */
export function withMembers(ids: string[], flow: FlowState): string[] {
  const all = new Set(ids);
  for (const id of ids) {
    const node = flow.nodes[id];
    if (node?.kind === GROUP) for (const member of membersOf(node)) if (flow.nodes[member]) all.add(member);
  }
  return [...all];
}

/** An edge as it is drawn while its ends may be folded away; null where both are in the same fold. */
export function foldedEnds(edge: FlowEdge, folds: ReadonlyMap<string, string>): { source: string; target: string } | null {
  const source = folds.get(nodeOf(edge.from)) ?? nodeOf(edge.from);
  const target = folds.get(nodeOf(edge.to)) ?? nodeOf(edge.to);
  return source === target ? null : { source, target };
}
