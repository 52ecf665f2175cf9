/** Which key asks for what. */
import type { Point } from "../model";

export type Command =
  | { do: "undo" | "redo" | "duplicate" | "all" | "group" | "combine" | "find" | "sheet" | "remove" | "clear" | "rename" }
  | { do: "nudge"; by: Point };

type Keys = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

const ARROWS: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

const WITH_CONTROL: Record<string, Command["do"]> = { y: "redo", a: "all", d: "duplicate", f: "find" };

export function commandOf(event: Keys): Command | null {
  if (event.altKey) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) {
    if (key === "z") return { do: event.shiftKey ? "redo" : "undo" };
    if (key === "g") return { do: event.shiftKey ? "combine" : "group" };
    const name = WITH_CONTROL[key];
    return name ? ({ do: name } as Command) : null;
  }
  const arrow = ARROWS[key];
  if (arrow) {
    const reach = event.shiftKey ? 50 : 10;
    return { do: "nudge", by: { x: arrow.x * reach, y: arrow.y * reach } };
  }
  if (key === "Delete" || key === "Backspace") return { do: "remove" };
  if (key === "Escape") return { do: "clear" };
  if (key === "?") return { do: "sheet" };
  return key === "F2" ? { do: "rename" } : null;
}

/** Menus, search and sheets lie over the canvas and hear their own keys. */
export const isOverlay = (target: EventTarget | null) =>
  target instanceof Element && target.closest(".fl-chooser, .fl-finder, .fl-sheet, .fl-replay") !== null;

export function isWriting(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable='true']") !== null;
}
