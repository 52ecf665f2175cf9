/** The lines along which a dragged block comes to lie with others. */
import type { Point } from "../model";
import type { Box } from "./place";

export interface Guides {
  /** Where the upright line stands. */
  x?: number;
  /** Where the level line lies. */
  y?: number;
}

const REACH = 6;

/** The nearest edge or middle of another box within reach, and the place that meets it. */
export function guided(box: Box, others: Iterable<Box>): { at: Point; guides: Guides } {
  const best = { x: REACH, y: REACH };
  const at = { x: box.x, y: box.y };
  const guides: Guides = {};
  for (const other of others) {
    for (const axis of ["x", "y"] as const) {
      const size = axis === "x" ? "width" : "height";
      for (const part of [0, 0.5, 1]) {
        const line = other[axis] + other[size] * part;
        const off = line - (box[axis] + box[size] * part);
        if (Math.abs(off) >= best[axis]) continue;
        best[axis] = Math.abs(off);
        at[axis] = box[axis] + off;
        guides[axis] = line;
      }
    }
  }
  return { at, guides };
}
