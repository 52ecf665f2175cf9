/** Where the board looks: all of it at first, one node on request. */
import { getViewportForBounds, type Rect, useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { useEffect, useRef, type RefObject } from "react";
import type { CanvasData } from "../model";
import { type CanvasStores, useStore as useCanvasStore } from "../store";
import type { BlockNode } from "./nodes";

/** Room at the sides for lines that lead from one row to the next. */
export const SIDE = 24;
export const FIT = { padding: { x: `${SIDE}px`, y: "12px" }, maxZoom: 1.2, minZoom: 0.15 } as const;
/** At this size the smallest words of a card, of 12 px, can be read. */
const READABLE = 1;
const EDGE = 12;

export const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** From afar only names can be read, so they grow. */
export function useFarView(root: RefObject<HTMLElement | null>) {
  const far = useStore((state) => state.transform[2] < 0.6);
  useEffect(() => {
    root.current?.toggleAttribute("data-far", far);
  }, [root, far]);
}

/** Everything, or its beginning where not all fits at a size one can read; of an empty flow nothing moves later. */
export function useFirstView(stores: CanvasStores, nodes: BlockNode[]) {
  const { setViewport, getNodesBounds } = useReactFlow();
  const store = useStoreApi();
  const done = useRef(false);
  const isEmpty = useCanvasStore(stores.flow, (flow) => flow.revision > 0 && Object.keys(flow.nodes).length === 0);
  const shown = nodes.filter((node) => !node.hidden);
  const measured = shown.length > 0 && shown.every((node) => node.measured?.width);
  useEffect(() => {
    if (isEmpty) done.current = true;
  }, [isEmpty]);
  useEffect(() => {
    if (done.current || !measured) return;
    done.current = true;
    const { width, height } = store.getState();
    const bounds = getNodesBounds(shown);
    const whole = getViewportForBounds(bounds, width, height, FIT.minZoom, FIT.maxZoom, FIT.padding);
    void setViewport(whole.zoom < READABLE ? beginningOf(shown, bounds, width, height) : whole);
    // Once, when the first nodes have their sizes.
  }, [measured]);
}

/** The upper left of a flow, and what does fit of it in the middle. */
function beginningOf(nodes: BlockNode[], bounds: Rect, width: number, height: number) {
  const first = nodes.filter((node) => node.type === "block").reduce((a, b) => (b.position.x + b.position.y < a.position.x + a.position.y ? b : a), nodes[0]!);
  const wide = bounds.width + 2 * SIDE > width;
  const high = bounds.height + 2 * EDGE > height;
  const x = wide ? SIDE - first.position.x : (width - bounds.width) / 2 - bounds.x;
  const y = high ? EDGE - bounds.y : (height - bounds.height) / 2 - bounds.y;
  // Where even the first block lies below the fold, it is what one sees.
  const low = first.position.y + y + (first.measured?.height ?? 0) > height;
  return { x, y: low ? EDGE - first.position.y : y, zoom: READABLE };
}

/** Whether every block is in sight; else a map helps. */
export function useSeesAll(): boolean {
  return useStore(({ nodeLookup, transform: [x, y, zoom], width, height }) => {
    for (const { hidden, measured, internals } of nodeLookup.values()) {
      if (hidden || !measured.width || !measured.height) continue;
      const left = internals.positionAbsolute.x * zoom + x;
      const top = internals.positionAbsolute.y * zoom + y;
      const isIn = left > -1 && top > -1 && left + measured.width * zoom < width + 1 && top + measured.height * zoom < height + 1;
      if (!isIn) return false;
    }
    return true;
  });
}

export function useFocus(focus: CanvasData["focus"], nodes: BlockNode[], select: (chosen: (node: BlockNode) => boolean) => void) {
  const { setCenter, getZoom, fitView } = useReactFlow();
  const seen = useRef<unknown>(undefined);
  const found = focus ? nodes.filter((one) => focus.nodes.includes(one.id)) : [];
  const ready = found.length > 0 && found.length === focus?.nodes.length && found.every((one) => one.measured?.width);
  useEffect(() => {
    const [node] = found;
    if (!focus || !node || !ready || seen.current === focus.nonce) return;
    seen.current = focus.nonce;
    const { width = 0, height = 0 } = node.measured ?? {};
    select((one) => focus.nodes.includes(one.id));
    if (found.length > 1) {
      void fitView({ nodes: found, padding: 0.4, maxZoom: 1, duration: isCalm() ? 0 : 320 });
      return;
    }
    void setCenter(node.position.x + width / 2, node.position.y + height / 2, {
      zoom: Math.max(getZoom(), 0.8),
      duration: isCalm() ? 0 : 320,
    });
    // Only a new nonce moves the view, never a later change of the node.
  }, [focus?.nonce, ready]);
}
