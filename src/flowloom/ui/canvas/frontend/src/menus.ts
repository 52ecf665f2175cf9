/** How keys go through a menu. */
import type { KeyboardEvent } from "react";

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
