/** What a person can do to the flow, each as the ops it is made of. */
import { useReactFlow } from "@xyflow/react";
import { useMemo, type RefObject } from "react";
import type { Actions } from "../context";
import { clipOf, pasteOps, recall, remember } from "../flow/copy";
import { freshId } from "../flow/ids";
import { type Box, CARD_SIZE, freePlace, holds, placeBeside, placeOf, snapped } from "../flow/place";
import { attachOps, insertOps } from "../flow/insert";
import { tidyPlaces } from "../flow/layout";
import type { Catalog, FlowState, Op, Point } from "../model";
import type { CanvasStores } from "../store";
import type { Sync } from "../sync/sync";
import type { Say } from "../texts";
import { RENAME } from "./EditableName";
import { type BlockNode, edgeId, type LineEdge } from "./nodes";
import { FIT, isCalm } from "./useView";

export interface AllActions extends Actions {
  push(ops: Op[]): void;
  move(nodes: BlockNode[]): void;
  copy(): void;
  paste(): void;
  nudge(by: Point): void;
}

interface World {
  sync: Sync;
  stores: CanvasStores;
  say: Say;
  readOnly: boolean;
  root: RefObject<HTMLElement | null>;
  catalog: Catalog;
  allowed: ReadonlySet<string>;
}

export function useActions({ sync, stores, say, readOnly, root, catalog, allowed }: World) {
  const view = useReactFlow<BlockNode, LineEdge>();
  return useMemo((): AllActions => {
    const flow = () => stores.flow.get();
    const push = (ops: Op[]) => {
      if (!readOnly && ops.length) sync.push(ops);
    };
    const selected = () => view.getNodes().filter((node) => node.selected).map((node) => node.id);
    const idFor = (kind: string) => {
      const id = freshId(kind, new Set(Object.keys(flow().nodes)));
      return sync.isOnline ? id : apart(id);
    };

    const pasteAt = (clip: ReturnType<typeof clipOf>, shift: Point) => {
      const { ops, ids } = pasteOps(clip, flow(), shift, sync.isOnline ? undefined : apart);
      stores.selectNext(ids);
      push(ops);
    };

    return {
      push,
      addKind(kind, at, edge) {
        if (readOnly) return;
        const id = idFor(kind.id);
        const seen = inView(root.current, view);
        const place = at ? snapped({ x: at.x - CARD_SIZE.width / 2, y: at.y - 30 }) : nextPlace(view, seen);
        stores.selectNext([id]);
        if (!at && !holds(seen, { ...place, ...CARD_SIZE })) reveal(view, seen, place);
        push(
          edge
            ? insertOps(kind, id, place, edge, flow(), catalog, allowed)
            : [{ op: "add", node: { id, kind: kind.id, config: {} }, at: place }],
        );
        root.current?.focus({ preventScroll: true });
      },
      attach(kind, at, begun) {
        const id = idFor(kind.id);
        const aside = begun.side === "output" ? 0 : CARD_SIZE.width;
        stores.selectNext([id]);
        push(attachOps(kind, id, snapped({ x: at.x - aside, y: at.y - 70 }), begun, catalog, allowed));
        root.current?.focus({ preventScroll: true });
      },
      reconnect(before, after) {
        if (edgeId(before) === edgeId(after)) return;
        push([
          { op: "disconnect", ...before },
          { op: "connect", ...after },
        ]);
      },
      tidy() {
        const nodes = view.getNodes().filter((node) => node.type !== "note");
        const chosen = nodes.filter((node) => node.selected);
        const ids = (chosen.length > 1 ? chosen : nodes).map((node) => node.id);
        const sizes = new Map(nodes.map((node) => [node.id, boxOf(node)]));
        if (ids.length) push([{ op: "move", positions: tidyPlaces(flow(), ids, sizes) }]);
        setTimeout(() => void view.fitView({ ...FIT, duration: isCalm() ? 0 : 240 }), 60);
      },
      disconnect(edge) {
        push([{ op: "disconnect", from: edge.from, to: edge.to }]);
        root.current?.focus({ preventScroll: true });
      },
      renameSelected() {
        const chosen = root.current?.querySelector(".react-flow__node.selected [data-node]");
        chosen?.dispatchEvent(new CustomEvent(RENAME));
      },
      rename: (node, name) => push([{ op: "rename", node, name }]),
      writeNote: (node, text) => push([{ op: "configure", node, config: { ...flow().nodes[node]?.config, text } }]),
      undo: () => push([{ op: "undo" }]),
      redo: () => push([{ op: "redo" }]),
      move(nodes) {
        const positions = movedPlaces(nodes, flow());
        if (Object.keys(positions).length) push([{ op: "move", positions }]);
      },
      removeSelected() {
        const nodes = selected();
        const edges = view.getEdges().filter((edge) => edge.selected && edge.data).map((edge) => edge.data!.edge);
        if (!nodes.length && !edges.length) return;
        // The focused card is about to go; keys must still reach the canvas.
        root.current?.focus({ preventScroll: true });
        push([{ op: "remove", nodes, edges }]);
      },
      copy() {
        const ids = selected();
        if (!ids.length) return;
        remember(clipOf(flow(), ids));
        stores.toast(say("copied", { count: ids.length }));
      },
      paste() {
        const clip = recall();
        if (clip?.nodes.length) pasteAt(clip, shiftFor(clip.layout, flow()));
      },
      duplicate() {
        const ids = selected();
        if (!ids.length) return;
        const clip = clipOf(flow(), ids);
        pasteAt(clip, shiftFor(clip.layout, flow()));
      },
      nudge(by) {
        const ids = selected();
        if (readOnly || !ids.length) return;
        const order = Object.keys(flow().nodes);
        const place = (id: string) => placeOf(flow(), id, order.indexOf(id));
        const positions = Object.fromEntries(ids.map((id) => [id, { x: place(id).x + by.x, y: place(id).y + by.y }]));
        sync.nudge({ op: "move", positions });
      },
    };
  }, [sync, stores, say, readOnly, view, root, catalog, allowed]);
}

/** While the server cannot be asked, someone else may choose the same id. */
const apart = (id: string) => `${id}-${Math.floor(Math.random() * 46_656).toString(36)}`;

function movedPlaces(nodes: BlockNode[], flow: FlowState): Record<string, Point> {
  const moved = nodes.filter(({ id, position }) => {
    const before = flow.layout[id];
    return flow.nodes[id] && (before?.x !== position.x || before?.y !== position.y);
  });
  return Object.fromEntries(moved.map(({ id, position }) => [id, { x: position.x, y: position.y }]));
}

/** Beside the one selected block, else in the middle of what is seen. */
function nextPlace(view: View, seen: Box): Point {
  const nodes = view.getNodes();
  const chosen = nodes.filter((node) => node.selected);
  const taken = nodes.map(boxOf);
  return chosen.length === 1 ? placeBeside(boxOf(chosen[0]!), taken) : freePlace(seen, taken);
}

type View = ReturnType<typeof useReactFlow<BlockNode, LineEdge>>;

function boxOf(node: BlockNode): Box {
  const { width = CARD_SIZE.width, height = CARD_SIZE.height } = node.measured ?? {};
  return { ...node.position, width, height };
}

const TOOLBAR = 64;

/** The part of the flow that can be seen, clear of the toolbar. */
function inView(root: HTMLElement | null, view: View): Box {
  const board = root?.querySelector(".fl-board")?.getBoundingClientRect() ?? new DOMRect();
  const { x, y } = view.screenToFlowPosition({ x: board.left + 16, y: board.top + 16 }, { snapToGrid: false });
  const zoom = view.getZoom();
  return { x, y, width: (board.width - 32) / zoom, height: (board.height - 16 - TOOLBAR) / zoom };
}

/** Move the view just far enough to bring the new card in, so that its neighbour stays in sight. */
function reveal(view: View, seen: Box, place: Point) {
  const beyond = (at: number, size: number, from: number, room: number) =>
    Math.min(0, at - from) + Math.max(0, at + size - from - room);
  const dx = beyond(place.x, CARD_SIZE.width, seen.x, seen.width);
  const dy = beyond(place.y, CARD_SIZE.height, seen.y, seen.height);
  const { x, y, zoom } = view.getViewport();
  void view.setViewport({ x: x - dx * zoom, y: y - dy * zoom, zoom }, { duration: isCalm() ? 0 : 240 });
}

/** Beside the original, further along for each copy that lies there already. */
function shiftFor(layout: Record<string, Point>, flow: FlowState): Point {
  const taken = new Set(Object.values(flow.layout).map(({ x, y }) => `${x},${y}`));
  const lies = (shift: number) => Object.values(layout).some(({ x, y }) => taken.has(`${x + shift},${y + shift}`));
  let shift = 40;
  while (lies(shift) && shift < 800) shift += 40;
  return { x: shift, y: shift };
}
