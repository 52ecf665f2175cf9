/** Where a node lies, and where a new one finds free space. */
import type { FlowState, Point } from "../model";

export const CARD_SIZE = { width: 180, height: 90 };
const GAP = 30;
const STEP = { x: 40, y: 20 };
const RINGS = 120;
const BESIDE = 50;

export interface Box extends Point {
  width: number;
  height: number;
}

export const snap = (value: number) => Math.round(value / 10) * 10;
export const snapped = (at: Point): Point => ({ x: snap(at.x), y: snap(at.y) });

/** The saved place, or a place in rows for a flow that came without a layout. */
export function placeOf(flow: FlowState, id: string, index: number): Point {
  return flow.layout[id] ?? { x: (index % 4) * (CARD_SIZE.width + 50), y: Math.floor(index / 4) * 160 };
}

function overlaps(a: Box, b: Box): boolean {
  return (
    a.x < b.x + b.width + GAP && b.x < a.x + a.width + GAP && a.y < b.y + b.height + GAP && b.y < a.y + a.height + GAP
  );
}

/** The free place nearest to the centre of what is in view, outside the view only when it is full. */
export function freePlace(view: Box, taken: Box[], size = CARD_SIZE): Point {
  const start = { x: view.x + (view.width - size.width) / 2, y: view.y + (view.height - size.height) / 2 };
  const isFree = freeOf(taken, size);
  const inView = (at: Point) => holds(view, { ...at, ...size });
  let outside: Point | null = null;
  for (const places of ringsAround(start)) {
    const free = places.filter(isFree);
    const near = free.find(inView);
    if (near) return snapped(near);
    outside ??= free[0] ?? null;
    if (outside && !places.some(inView)) break;
  }
  return snapped(outside ?? start);
}

/** The free place nearest to the right of a node, as flows are read from left to right. */
export function placeBeside(node: Box, taken: Box[], size = CARD_SIZE): Point {
  const start = { x: node.x + node.width + BESIDE, y: node.y };
  for (const places of ringsAround(start)) {
    const free = places.filter((at) => at.x >= start.x).find(freeOf(taken, size));
    if (free) return snapped(free);
  }
  return snapped(start);
}

const freeOf = (taken: Box[], size: typeof CARD_SIZE) => (at: Point) =>
  !taken.some((box) => overlaps({ ...at, ...size }, box));

function* ringsAround(start: Point): Generator<Point[]> {
  for (let ring = 0; ring < RINGS; ring++) {
    const places = ringOf(ring).map(({ x, y }) => ({ x: start.x + x * STEP.x, y: start.y + y * STEP.y }));
    yield places.sort((a, b) => distance(a, start) - distance(b, start));
  }
}

export function holds(outer: Box, inner: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);

function ringOf(ring: number): Point[] {
  if (ring === 0) return [{ x: 0, y: 0 }];
  const places: Point[] = [];
  for (let i = -ring; i <= ring; i++) places.push({ x: ring, y: i }, { x: -ring, y: i }, { x: i, y: ring }, { x: i, y: -ring });
  return places;
}
