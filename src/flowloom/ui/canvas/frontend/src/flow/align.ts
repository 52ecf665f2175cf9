/** Lining up what is selected. */
import type { Point } from "../model";
import { type Box, snap } from "./place";

export type Alignment = "left" | "top" | "across" | "down";

/** The new places: along the leftmost edge, the topmost edge, or with equal gaps across or down. */
export function aligned(boxes: ReadonlyMap<string, Box>, how: Alignment): Record<string, Point> {
  const all = [...boxes];
  if (how === "left" || how === "top") {
    const edge = Math.min(...all.map(([, box]) => (how === "left" ? box.x : box.y)));
    return Object.fromEntries(all.map(([id, { x, y }]) => [id, how === "left" ? { x: edge, y } : { x, y: edge }]));
  }
  return how === "across" ? spread(all, "x", "width") : spread(all, "y", "height");
}

function spread(boxes: [string, Box][], axis: "x" | "y", size: "width" | "height"): Record<string, Point> {
  const sorted = [...boxes].sort(([, a], [, b]) => a[axis] - b[axis]);
  const [, first] = sorted[0]!;
  const end = Math.max(...sorted.map(([, box]) => box[axis] + box[size]));
  const filled = sorted.reduce((sum, [, box]) => sum + box[size], 0);
  const gap = Math.max(20, (end - first[axis] - filled) / Math.max(1, sorted.length - 1));
  let next = first[axis];
  return Object.fromEntries(
    sorted.map(([id, box]) => {
      const place = { x: box.x, y: box.y, [axis]: snap(next) };
      next += box[size] + gap;
      return [id, place];
    }),
  );
}
