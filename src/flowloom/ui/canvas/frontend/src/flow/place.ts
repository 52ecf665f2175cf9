/** Where a node lies, and where a new one finds free space. */
import type { FlowState, Point } from "../model";

export const CARD_SIZE = { width: 240, height: 132 };
const GAP = 30;

export interface Box extends Point {
  width: number;
  height: number;
}

export const snap = (value: number) => Math.round(value / 10) * 10;
export const snapped = (at: Point): Point => ({ x: snap(at.x), y: snap(at.y) });

/** The saved place, or a place in rows for a flow that came without a layout. */
export function placeOf(flow: FlowState, id: string, index: number): Point {
  return flow.layout[id] ?? { x: (index % 4) * (CARD_SIZE.width + 80), y: Math.floor(index / 4) * 220 };
}

function overlaps(a: Box, b: Box): boolean {
  return (
    a.x < b.x + b.width + GAP && b.x < a.x + a.width + GAP && a.y < b.y + b.height + GAP && b.y < a.y + a.height + GAP
  );
}

/** The free place nearest to `centre`, looking outwards ring by ring. */
export function freePlace(centre: Point, taken: Box[], size = CARD_SIZE): Point {
  const start = { x: centre.x - size.width / 2, y: centre.y - size.height / 2 };
  const step = { x: 90, y: 50 };
  for (let ring = 0; ring < 60; ring++) {
    const places = ringOf(ring).map(({ x, y }) => ({ x: start.x + x * step.x, y: start.y + y * step.y }));
    places.sort((a, b) => distance(a, start) - distance(b, start));
    const free = places.find((at) => !taken.some((box) => overlaps({ ...at, ...size }, box)));
    if (free) return snapped(free);
  }
  return snapped(start);
}

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);

function ringOf(ring: number): Point[] {
  if (ring === 0) return [{ x: 0, y: 0 }];
  const places: Point[] = [];
  for (let i = -ring; i <= ring; i++) places.push({ x: ring, y: i }, { x: -ring, y: i }, { x: i, y: ring }, { x: i, y: -ring });
  return places;
}
