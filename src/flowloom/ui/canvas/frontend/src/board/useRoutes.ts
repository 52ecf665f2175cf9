/** Finds the way of each line round the cards, a few at a time so that no frame is late. */
import { type InternalNode, useStoreApi } from "@xyflow/react";
import { useEffect, useRef, type RefObject } from "react";
import { GROUP } from "../flow/groups";
import type { Box } from "../flow/place";
import { curve, type Ends, isHidden, routeAround, takenBy, takenByCurve } from "../flow/routes";
import type { Point } from "../model";
import type { CanvasStores } from "../store";
import type { BlockNode, LineEdge } from "./nodes";

const SLICE = 6;

export function useRoutes(root: RefObject<HTMLElement | null>, stores: CanvasStores, nodes: BlockNode[], edges: LineEdge[]): void {
  const store = useStoreApi<BlockNode, LineEdge>();
  const shape = useRef("");
  useEffect(() => {
    if (nodes.some((node) => node.dragging)) return;
    root.current?.removeAttribute("data-routed");
    let frame = requestAnimationFrame(begin);
    return () => cancelAnimationFrame(frame);

    function begin() {
      const { nodeLookup } = store.getState();
      const boxes = [...nodeLookup.values()].flatMap(boxOf);
      const lines = edges.flatMap((edge) => {
        const ends = endsOf(edge, nodeLookup);
        return ends ? [{ id: edge.id, ends }] : [];
      });
      const now = JSON.stringify([boxes, lines]);
      if (now === shape.current) return settle(now);
      work(boxes, lines, () => settle(now));
    }

    function settle(now: string) {
      shape.current = now;
      root.current?.setAttribute("data-routed", "");
    }

    function work(boxes: Box[], lines: { id: string; ends: Ends }[], done: () => void) {
      const routes = new Map<string, Point[]>();
      const hidden = lines.filter(({ ends }) => isHidden(curve(ends), boxes));
      const behind = new Set(hidden);
      const taken = hidden.length ? lines.filter((line) => !behind.has(line)).flatMap(({ ends }) => takenByCurve(ends)) : [];
      const next = () => {
        const until = performance.now() + SLICE;
        for (let line = hidden.shift(); line; line = hidden.shift()) {
          const route = routeAround(line.ends, boxes, taken);
          if (route) {
            routes.set(line.id, route);
            taken.push(...takenBy(route, line.ends));
          }
          if (performance.now() > until) {
            frame = requestAnimationFrame(next);
            return;
          }
        }
        stores.routes.set(routes);
        done();
      };
      next();
    }
  }, [root, store, stores, nodes, edges]);
}

function boxOf(node: InternalNode<BlockNode>): Box[] {
  const { width, height } = node.measured;
  if (node.hidden || !width || !height || (node.type === GROUP && node.width !== undefined)) return [];
  return [{ ...node.internals.positionAbsolute, width, height }];
}

function endsOf(edge: LineEdge, nodes: Map<string, InternalNode<BlockNode>>): Ends | null {
  const from = handleAt(nodes.get(edge.source), "source", edge.sourceHandle);
  const to = handleAt(nodes.get(edge.target), "target", edge.targetHandle);
  return from && to && { from, to };
}

function handleAt(node: InternalNode<BlockNode> | undefined, side: "source" | "target", id: string | null | undefined): Point | null {
  const handle = node?.internals.handleBounds?.[side]?.find((one) => one.id === id);
  if (!node || !handle) return null;
  const { x, y } = node.internals.positionAbsolute;
  return { x: x + handle.x + (side === "source" ? handle.width : 0), y: y + handle.y + handle.height / 2 };
}
