/** What menus have in common: where they open, and how keys go through them. */
import type { KeyboardEvent } from "react";
import type { Point } from "./model";

const EDGE = 8;
/** The bar of the page lies over everything. */
const BAR = 64;

/** At a point, but whole and in sight. */
export function inWindow({ x, y }: Point, room: { width: number; height: number }) {
  return {
    left: Math.max(EDGE, Math.min(x, window.innerWidth - room.width)),
    top: Math.max(BAR, Math.min(y, window.innerHeight - room.height)),
  };
}

/** Arrow keys through a list of buttons, Escape out of it. */
export function walk(event: KeyboardEvent<HTMLElement>, close: () => void): void {
  event.stopPropagation();
  if (event.key === "Escape") return close();
  const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (!by) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("button, input")];
  items[Math.min(items.length - 1, Math.max(0, items.indexOf(document.activeElement as HTMLElement) + by))]?.focus();
}
