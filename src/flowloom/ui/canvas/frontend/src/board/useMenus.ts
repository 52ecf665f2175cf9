/** Which menu a right click, a long press or the menu key opens. */
import { useReactFlow } from "@xyflow/react";
import { useMemo, type MouseEvent as Press } from "react";
import type { CanvasWorld } from "../context";
import { GROUP, isGrouped } from "../flow/groups";
import type { MenuWish } from "../store";
import type { BlockNode, LineEdge } from "./nodes";

type Select = (chosen: (node: BlockNode) => boolean) => void;

export function useMenus({ stores, readOnly, flow }: CanvasWorld, select: Select) {
  const view = useReactFlow<BlockNode, LineEdge>();
  return useMemo(() => {
    const selected = () => view.getNodes().filter((node) => node.selected);
    const open = (event: Press | MouseEvent, about: Omit<MenuWish, "screen" | "at">) => {
      event.preventDefault();
      if (readOnly) return;
      const screen = placeOf(event);
      stores.menu.set({ ...about, screen, at: view.screenToFlowPosition(screen) });
    };
    return {
      onNodeContextMenu(event: Press, node: BlockNode) {
        if (isField(event.target)) return;
        if (!node.selected) select((one) => one.id === node.id);
        open(event, { ...aboutAll(node.selected ? selected() : [node]), group: node.type === GROUP ? node.id : undefined, grouped: isGrouped(node.id, flow()) });
      },
      onSelectionContextMenu: (event: Press) => open(event, aboutAll(selected())),
      onEdgeContextMenu: (event: Press, line: LineEdge) => open(event, { nodes: 0, edge: line.data?.edge }),
      onPaneContextMenu: (event: Press | MouseEvent) => open(event, { nodes: 0 }),
    };
  }, [stores, readOnly, select, view, flow]);
}

const aboutAll = (nodes: BlockNode[]) => ({ nodes: nodes.length, unpacks: nodes.length === 1 && nodes[0]!.data.card.can_unpack === true });

const isField = (target: EventTarget | null) => target instanceof Element && target.closest("input, textarea") !== null;

/** The menu key tells no place of the pointer, so the menu opens at what has the focus. */
function placeOf(event: Press | MouseEvent) {
  if (event.clientX || event.clientY) return { x: event.clientX, y: event.clientY };
  const box = (event.target as Element).getBoundingClientRect();
  return { x: box.left + 24, y: box.top + 24 };
}
