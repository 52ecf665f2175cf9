/** The nodes as drawn: what React Flow changes of them, with groups that move what they hold and guides for a drag. */
import { applyNodeChanges, type NodeChange, type NodePositionChange } from "@xyflow/react";
import { useCallback, useRef, useState } from "react";
import { foldsOf, frameOf, GROUP, isFolded, membersOf } from "../flow/groups";
import { guided, type Guides } from "../flow/guides";
import { type Box, CARD_SIZE } from "../flow/place";
import type { FlowState } from "../model";
import type { BlockNode } from "./nodes";

type Update = (nodes: BlockNode[]) => BlockNode[];

export function useNodes(flow: () => FlowState) {
  const [nodes, setNodes] = useState<BlockNode[]>([]);
  const [guides, setGuides] = useState<Guides>({});
  const now = useRef(nodes);

  const update = useCallback(
    (change: Update) => {
      const next = framed(change(now.current), flow());
      if (next === now.current) return;
      now.current = next;
      setNodes(next);
    },
    [flow],
  );

  const onNodesChange = useCallback(
    (changes: NodeChange<BlockNode>[]) => {
      const drag = soleDrag(changes, now.current);
      if (drag) {
        const found = guided({ ...sizeOf(drag.node), ...drag.change.position! }, neighbours(drag.node, now.current));
        changes = [{ ...drag.change, position: found.at }];
        setGuides(drag.change.dragging ? found.guides : {});
      }
      update((nodes) => applyNodeChanges([...changes, ...pulled(changes, nodes)], nodes));
    },
    [update],
  );
  return { nodes, guides, update, onNodesChange, current: useCallback(() => now.current, []) };
}

const sizeOf = (node: BlockNode) => ({
  width: node.measured?.width ?? CARD_SIZE.width,
  height: node.measured?.height ?? CARD_SIZE.height,
});
const boxOf = (node: BlockNode): Box => ({ ...node.position, ...sizeOf(node) });
const isMove = (change: NodeChange<BlockNode>): change is NodePositionChange => change.type === "position" && change.position !== undefined;

/** The one card a person drags by mouse or finger; a group follows no guides, as its frame moves with what it holds. */
function soleDrag(changes: NodeChange<BlockNode>[], nodes: BlockNode[]) {
  const [change] = changes;
  if (changes.length !== 1 || !change || !isMove(change)) return null;
  const node = nodes.find((one) => one.id === change.id);
  return node && node.type !== GROUP ? { change, node } : null;
}

function neighbours(node: BlockNode, nodes: BlockNode[]): Box[] {
  return nodes.filter((one) => one.id !== node.id && !one.hidden && one.type !== GROUP).map(boxOf);
}

/** A group that moves takes its members along. */
function pulled(changes: NodeChange<BlockNode>[], nodes: BlockNode[]): NodePositionChange[] {
  const moves = changes.filter(isMove);
  const moved = new Set(moves.map((change) => change.id));
  return moves.flatMap((change) => {
    const group = nodes.find((node) => node.id === change.id);
    if (group?.type !== GROUP) return [];
    const by = { x: change.position!.x - group.position.x, y: change.position!.y - group.position.y };
    const members = new Set(membersOf(group.data.node));
    return nodes
      .filter((node) => members.has(node.id) && !moved.has(node.id) && node.id !== group.id)
      .map((node) => ({
        id: node.id,
        type: "position" as const,
        position: { x: node.position.x + by.x, y: node.position.y + by.y },
        dragging: change.dragging ?? false,
      }));
  });
}

/** Frames lie around their members, and what is folded away is hidden; the same list where nothing changes. */
function framed(nodes: BlockNode[], flow: FlowState): BlockNode[] {
  if (!nodes.some((node) => node.type === GROUP || node.hidden)) return nodes;
  const places = { ...flow, layout: Object.fromEntries(nodes.map((node) => [node.id, node.position])) };
  const sizes = new Map(nodes.map((node) => [node.id, sizeOf(node)]));
  const folds = foldsOf(flow);
  let changed = false;
  const after = nodes.map((node) => {
    const next = node.type === GROUP ? withFrame(node, frameOf(node.data.node, places, sizes)) : node;
    const hidden = folds.has(node.id);
    const made = Boolean(next.hidden) === hidden ? next : { ...next, hidden };
    changed ||= made !== node;
    return made;
  });
  return changed ? after : nodes;
}

function withFrame(node: BlockNode, frame: Box | null): BlockNode {
  const folded = isFolded(node.data.node);
  const zIndex = folded ? 0 : node.selected ? -1001 : -1; // React Flow lifts what is selected by a thousand.
  const position = frame ? { x: frame.x, y: frame.y } : node.position;
  const width = folded || !frame ? undefined : frame.width;
  const height = folded || !frame ? undefined : frame.height;
  const same = node.position.x === position.x && node.position.y === position.y && node.width === width && node.height === height;
  return same && node.zIndex === zIndex ? node : { ...node, position, width, height, zIndex };
}
