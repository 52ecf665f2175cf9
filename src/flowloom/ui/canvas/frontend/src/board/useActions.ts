/** What a person can do to the flow, each as the ops it is made of. */
import { useReactFlow } from "@xyflow/react";
import { useMemo, type RefObject } from "react";
import type { Actions } from "../context";
import { type Alignment, aligned } from "../flow/align";
import { clipOf, pasteOps, pasteShift, readClip, recall, remember, writeClip } from "../flow/clip";
import { foldsOf, GROUP, groupOps, isFolded, leaveOps, withMembers } from "../flow/groups";
import { freshId } from "../flow/ids";
import { type Box, CARD_SIZE, freePlace, holds, placeBeside, placeOf, snapped } from "../flow/place";
import { attachOps, insertOps } from "../flow/insert";
import { nodeOf, portOf } from "../flow/ports";
import { type Anchor, tidyPlaces } from "../flow/layout";
import { makeRoom } from "../flow/room";
import type { Catalog, FlowEdge, FlowState, Kind, Op, Point } from "../model";
import type { CanvasStores } from "../store";
import type { Sync } from "../sync/sync";
import type { Say } from "../texts";
import { RENAME } from "./EditableName";
import { type BlockNode, edgeId, type LineEdge } from "./nodes";
import { FIT, isCalm, SIDE } from "./useView";

export interface AllActions extends Actions {
  push(ops: Op[]): void;
  move(nodes: BlockNode[]): void;
  /** What is selected as text; "" where nothing is. */
  copy(): string;
  paste(text: string, at?: Point): void;
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
      const id = freshId(kind, new Set([...Object.keys(flow().nodes), ...sync.combining]));
      return sync.isOnline ? id : apart(id);
    };

    const placeOfNode = (id: string) => placeOf(flow(), id, Object.keys(flow().nodes).indexOf(id));
    const toBoard = () => root.current?.focus({ preventScroll: true });

    const onLine = (kind: Kind, id: string, place: Point, edge: FlowEdge): Op[] => {
      const boxes = new Map(view.getNodes().filter((node) => node.type !== GROUP && !node.hidden).map((node) => [node.id, boxOf(node)]));
      const { at, moves } = makeRoom(place, edge, boxes);
      const ops = insertOps(kind, id, at, edge, flow(), catalog, allowed);
      return ops.length > 1 && Object.keys(moves).length ? [...ops, { op: "move", positions: moves }] : ops;
    };

    const insertClip = (clip: ReturnType<typeof clipOf>, at?: Point) => {
      const shift = pasteShift(clip, flow(), inView(root.current, view), at);
      const { ops, ids } = pasteOps(clip, flow(), shift, sync.isOnline ? undefined : apart);
      stores.selectNext(ids);
      push(ops);
    };
    const copy = () => {
      const ids = withMembers(selected(), flow());
      if (!ids.length) return "";
      const text = writeClip(clipOf(flow(), ids));
      remember(text);
      stores.toast(say("copied", { count: ids.length }));
      return text;
    };
    const paste = (text: string, at?: Point) => {
      const clip = readClip(text);
      if (clip) insertClip(clip, at);
      else stores.toast(say("not_blocks"), "warning");
    };

    return {
      push,
      copy,
      paste,
      focus: toBoard,
      copyByMenu() {
        const text = copy();
        // Where a browser refuses, the paste of this menu still knows it.
        if (text) navigator.clipboard?.writeText(text).catch(() => undefined);
        toBoard();
      },
      async pasteByMenu(at) {
        const text = await navigator.clipboard?.readText().catch(() => "");
        paste(text || recall(), at);
        toBoard();
      },
      selectAll() {
        stores.pick.set(new Set(Object.keys(flow().nodes)));
        toBoard();
      },
      group() {
        const ids = selected().filter((id) => flow().nodes[id]?.kind !== GROUP);
        if (!ids.length) return stores.toast(say("group_needs_blocks"), "warning");
        const id = idFor(GROUP);
        stores.selectNext([id]);
        push(groupOps(id, ids, flow(), placeOfNode(ids[0]!)));
        toBoard();
      },
      combine() {
        const nodes = withMembers(selected(), flow());
        if (!nodes.length) return stores.toast(say("combine_needs_blocks"), "warning");
        // A key held down asks again.
        if (nodes.some((id) => sync.combining.has(id))) return;
        const node = idFor("block");
        stores.selectNext([node]);
        push([{ op: "combine", nodes, node }]);
        toBoard();
      },
      unpack() {
        const [node] = selected();
        if (!node) return;
        stores.selectInstead(node);
        push([{ op: "unpack", node }]);
        toBoard();
      },
      ungroup() {
        const ids = new Set(selected());
        push(leaveOps(ids, flow()));
        toBoard();
      },
      fold(id) {
        const node = flow().nodes[id];
        if (node) push([{ op: "configure", node: id, config: { ...node.config, folded: !isFolded(node) } }]);
      },
      find: () => stores.finder.set(true),
      reveal(id) {
        const shown = foldsOf(flow()).get(id) ?? id;
        stores.pick.set(new Set([shown]));
        return shown;
      },
      align(how: Alignment) {
        const chosen = view.getNodes().filter((node) => node.selected && node.type !== GROUP);
        if (chosen.length < 2) return;
        push([{ op: "move", positions: aligned(new Map(chosen.map((node) => [node.id, boxOf(node)])), how) }]);
      },
      addKind(kind, at, edge) {
        if (readOnly) return;
        if (kind.id === GROUP) return this.group();
        const id = idFor(kind.id);
        const seen = inView(root.current, view);
        const place = at ? snapped({ x: at.x - CARD_SIZE.width / 2, y: at.y - 30 }) : nextPlace(view, seen);
        stores.selectNext([id]);
        if (!at && !holds(seen, { ...place, ...CARD_SIZE })) reveal(view, seen, place);
        push(edge ? onLine(kind, id, place, edge) : [{ op: "add", node: { id, kind: kind.id, config: {} }, at: place }]);
        root.current?.focus({ preventScroll: true });
      },
      attach(kind, begun, at) {
        const id = idFor(kind.id);
        const aside = begun.side === "output" ? 0 : CARD_SIZE.width;
        const place = at ? snapped({ x: at.x - aside, y: at.y - 70 }) : placeAfter(view, nodeOf(begun.end));
        const seen = inView(root.current, view);
        stores.selectNext([id]);
        if (!at && !holds(seen, { ...place, ...CARD_SIZE })) reveal(view, seen, place);
        push(attachOps(kind, id, place, begun, catalog, allowed));
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
        const nodes = view.getNodes().filter((node) => node.type !== GROUP);
        const chosen = nodes.filter((node) => node.selected && node.type === "block");
        const ids = (chosen.length > 1 ? chosen : nodes).map((node) => node.id);
        const sizes = new Map(nodes.map((node) => [node.id, boxOf(node)]));
        const room = (root.current?.querySelector(".fl-stage")?.clientWidth ?? 0) - 2 * SIDE;
        const anchor: Anchor = (end, side) => anchorOf(view, end, side);
        if (ids.length) push([{ op: "move", positions: tidyPlaces(flow(), ids, sizes, { room, anchor }) }]);
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
      duplicate() {
        const ids = withMembers(selected(), flow());
        if (ids.length) insertClip(clipOf(flow(), ids));
        toBoard();
      },
      nudge(by) {
        const ids = withMembers(selected(), flow());
        if (readOnly || !ids.length) return;
        const positions = Object.fromEntries(ids.map((id) => [id, { x: placeOfNode(id).x + by.x, y: placeOfNode(id).y + by.y }]));
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

/** The free place nearest to the right of a block. */
function placeAfter(view: View, id: string): Point {
  const nodes = view.getNodes();
  const node = nodes.find((one) => one.id === id);
  return node ? placeBeside(boxOf(node), takenBy(nodes)) : { x: 0, y: 0 };
}

const takenBy = (nodes: BlockNode[]) => nodes.filter((node) => node.type !== GROUP && !node.hidden).map(boxOf);

/** Beside the one selected block, else in the middle of what is seen. */
function nextPlace(view: View, seen: Box): Point {
  const nodes = view.getNodes();
  const chosen = nodes.filter((node) => node.selected);
  const taken = takenBy(nodes);
  return chosen.length === 1 ? placeBeside(boxOf(chosen[0]!), taken) : freePlace(seen, taken);
}

/** How far below the upper edge of its card a point lies, as it is drawn. */
function anchorOf(view: View, end: string, side: "source" | "target"): number | undefined {
  const handles = view.getInternalNode(nodeOf(end))?.internals.handleBounds?.[side];
  const handle = handles?.find((one) => one.id === portOf(end));
  return handle && handle.y + handle.height / 2;
}

type View = ReturnType<typeof useReactFlow<BlockNode, LineEdge>>;

function boxOf(node: BlockNode): Box {
  const { width = CARD_SIZE.width, height = CARD_SIZE.height } = node.measured ?? {};
  return { ...node.position, width, height };
}

/** The part of the flow that can be seen. */
function inView(root: HTMLElement | null, view: View): Box {
  const board = root?.querySelector(".fl-stage")?.getBoundingClientRect() ?? new DOMRect();
  const { x, y } = view.screenToFlowPosition({ x: board.left + 16, y: board.top + 16 }, { snapToGrid: false });
  const zoom = view.getZoom();
  return { x, y, width: (board.width - 32) / zoom, height: (board.height - 32) / zoom };
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
