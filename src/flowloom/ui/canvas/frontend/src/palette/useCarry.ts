/** Carrying a block from the palette to the board, by mouse, pen or finger. */
import { useReactFlow } from "@xyflow/react";
import { useCallback, useEffect, useRef, type PointerEvent as ReactPointerEvent, type RefObject } from "react";
import type { Kind } from "../model";

const THRESHOLD = 6;
const HOLD = 260;

interface Carry {
  kind: Kind;
  start: { x: number; y: number };
  pointer: number;
  item: HTMLElement;
  ghost: HTMLElement | null;
  hold: ReturnType<typeof setTimeout> | undefined;
}

export function useCarry(root: RefObject<HTMLElement | null>, drop: (kind: Kind, at: { x: number; y: number }, under: Element | null) => void) {
  const { screenToFlowPosition } = useReactFlow();
  const carry = useRef<Carry | null>(null);
  const carried = useRef(false);

  const end = useCallback(() => {
    clearTimeout(carry.current?.hold);
    carry.current?.ghost?.remove();
    carry.current = null;
    root.current?.removeAttribute("data-carrying");
  }, [root]);

  const lift = useCallback(
    (at: { clientX: number; clientY: number }) => {
      const now = carry.current;
      if (!now || now.ghost || !root.current) return;
      carried.current = true;
      now.ghost = ghostOf(now.item);
      root.current.append(now.ghost);
      root.current.setAttribute("data-carrying", "");
      follow(now.ghost, at);
    },
    [root],
  );

  useEffect(() => {
    const move = (event: PointerEvent) => {
      const now = carry.current;
      if (!now || event.pointerId !== now.pointer) return;
      const far = Math.hypot(event.clientX - now.start.x, event.clientY - now.start.y) > THRESHOLD;
      if (now.ghost) return follow(now.ghost, event);
      if (!far) return;
      // A finger that moves at once means to scroll the list.
      if (event.pointerType === "touch") end();
      else lift(event);
    };
    const up = (event: PointerEvent) => {
      const now = carry.current;
      if (!now || event.pointerId !== now.pointer) return;
      const lifted = now.ghost !== null;
      const board = root.current?.querySelector(".fl-board");
      // Looked up while the drawer is still out of the way.
      const under = document.elementFromPoint(event.clientX, event.clientY);
      end();
      if (lifted && board?.contains(under)) drop(now.kind, screenToFlowPosition({ x: event.clientX, y: event.clientY }), under);
    };
    const still = (event: TouchEvent) => {
      if (carry.current?.ghost) event.preventDefault();
    };
    const escape = (event: KeyboardEvent) => event.key === "Escape" && end();
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up);
    window.addEventListener("pointercancel", end);
    window.addEventListener("touchmove", still, { passive: false });
    window.addEventListener("keydown", escape);
    return () => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", end);
      window.removeEventListener("touchmove", still);
      window.removeEventListener("keydown", escape);
    };
  }, [root, drop, end, lift, screenToFlowPosition]);

  const take = useCallback(
    (kind: Kind, event: ReactPointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      carried.current = false;
      const start = { x: event.clientX, y: event.clientY };
      const at = { clientX: event.clientX, clientY: event.clientY };
      const hold = event.pointerType === "touch" ? setTimeout(() => lift(at), HOLD) : undefined;
      carry.current = { kind, start, pointer: event.pointerId, item: event.currentTarget, ghost: null, hold };
    },
    [lift],
  );

  /** The click that ends a carry is no wish to add a second block. */
  const wasCarried = useCallback(() => {
    const was = carried.current;
    carried.current = false;
    return was;
  }, []);

  return { take, wasCarried };
}

function ghostOf(item: HTMLElement): HTMLElement {
  const ghost = item.cloneNode(true) as HTMLElement;
  ghost.classList.add("fl-ghost");
  ghost.removeAttribute("data-testid");
  ghost.setAttribute("aria-hidden", "true");
  return ghost;
}

function follow(ghost: HTMLElement, at: { clientX: number; clientY: number }) {
  ghost.style.transform = `translate(${at.clientX}px, ${at.clientY}px) translate(-50%, -50%)`;
}
