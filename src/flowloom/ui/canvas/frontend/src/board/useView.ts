/** Where the board looks: all of it at first, one node on request. */
import { getViewportForBounds, useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { useEffect, useRef, type RefObject } from "react";
import type { CanvasData } from "../model";
import type { BlockNode } from "./nodes";

export const FIT = { padding: 0.08, maxZoom: 1, minZoom: 0.15 };
const READABLE = 0.45;
const BEGINNING = 0.62;

export const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** From afar only names can be read, so they grow. */
export function useFarView(root: RefObject<HTMLElement | null>) {
  const far = useStore((state) => state.transform[2] < 0.6);
  useEffect(() => {
    root.current?.toggleAttribute("data-far", far);
  }, [root, far]);
}

/** Everything, or its beginning at a size one can read. */
export function useFirstView(nodes: BlockNode[]) {
  const { setViewport, getNodesBounds } = useReactFlow();
  const store = useStoreApi();
  const done = useRef(false);
  const shown = nodes.filter((node) => !node.hidden);
  const measured = shown.length > 0 && shown.every((node) => node.measured?.width);
  useEffect(() => {
    if (done.current || !measured) return;
    done.current = true;
    const { width, height } = store.getState();
    const whole = getViewportForBounds(getNodesBounds(shown), width, height, FIT.minZoom, FIT.maxZoom, FIT.padding);
    void setViewport(whole.zoom < READABLE ? beginningOf(shown, height) : whole);
    // Once, when the first nodes have their sizes.
  }, [measured]);
}

function beginningOf(nodes: BlockNode[], height: number) {
  const first = nodes.reduce((a, b) => (b.position.x < a.position.x ? b : a));
  const middle = first.position.y + (first.measured?.height ?? 0) / 2;
  return { x: 28 - first.position.x * BEGINNING, y: height * 0.42 - middle * BEGINNING, zoom: BEGINNING };
}

export function useFocus(focus: CanvasData["focus"], nodes: BlockNode[], select: (chosen: (node: BlockNode) => boolean) => void) {
  const { setCenter, getZoom } = useReactFlow();
  const seen = useRef<unknown>(undefined);
  const node = focus && nodes.find((one) => one.id === focus.node);
  const ready = Boolean(node?.measured?.width);
  useEffect(() => {
    if (!focus || !node || !ready || seen.current === focus.nonce) return;
    seen.current = focus.nonce;
    const { width = 0, height = 0 } = node.measured ?? {};
    select((one) => one.id === focus.node);
    void setCenter(node.position.x + width / 2, node.position.y + height / 2, {
      zoom: Math.max(getZoom(), 0.8),
      duration: isCalm() ? 0 : 320,
    });
    // Only a new nonce moves the view, never a later change of the node.
  }, [focus?.nonce, ready]);
}
