/** Lines that run behind no card: straight where that is free, else round corners through the gaps (A*). */
import type { Point } from "../model";
import type { Box } from "./place";

export interface Ends {
  from: Point;
  to: Point;
}

type Segment = readonly [Point, Point];

/** A piece of the way of another line. */
export interface Taken {
  piece: Segment;
  ends: Ends;
}

const CURVATURE = 0.32;
const SAMPLES = 24;
/** How near a line may come to a card, and how far it first leads away from its end. */
const CLEAR = 6;
const STUB = 8;
/** Where a line may run beside a card. */
const LANES = [14, 20, 25];
const BEND = 40;
const SHARED = 90;
const CROSSED = 110;
/** Beyond so many cards nearby, the nearest count. */
const MOST_BOXES = 28;
const AROUND = 160;

/** The points of the curve that React Flow draws between two ends. */
export function curve({ from, to }: Ends): Point[] {
  const reach = to.x - from.x >= 0 ? 0.5 * (to.x - from.x) : CURVATURE * 25 * Math.sqrt(from.x - to.x);
  const [a, b] = [from.x + reach, to.x - reach];
  return Array.from({ length: SAMPLES + 1 }, (_, i) => {
    const t = i / SAMPLES;
    const u = 1 - t;
    const [k0, k1, k2, k3] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
    return { x: k0 * from.x + k1 * a + k2 * b + k3 * to.x, y: (k0 + k1) * from.y + (k2 + k3) * to.y };
  });
}

/** Whether a line of these points comes upon a card. */
export function isHidden(points: readonly Point[], boxes: readonly Box[]): boolean {
  const frame = frameOf(points);
  const near = boxes.filter((box) => meets(frame, box, 0));
  return near.some((box) => points.some(({ x, y }) => x > box.x + 1 && x < box.x + box.width - 1 && y > box.y + 1 && y < box.y + box.height - 1));
}

/** A way round all cards, as corners from end to end; null where there is none. `taken` are the ways of other lines. */
export function routeAround(ends: Ends, boxes: readonly Box[], taken: readonly Taken[]): Point[] | null {
  const start = { x: ends.from.x + STUB, y: ends.from.y };
  const goal = { x: ends.to.x - STUB, y: ends.to.y };
  const near = nearby(boxes, frameOf([start, goal]));
  const grid = gridOf(near, start, goal);
  // Lines from one point, or to one, may run together.
  const others = taken.filter(({ ends: { from, to } }) => far(from, ends.from) > 0 && far(to, ends.to) > 0);
  const corners = search(grid, start, goal, near, others.map(({ piece }) => piece));
  return corners && straightened([ends.from, ...corners, ends.to]);
}

/** What a way takes up. */
export const takenBy = (points: readonly Point[], ends: Ends): Taken[] => segmentsOf(points).map((piece) => ({ piece, ends }));

/** About what a plain curve takes up: level, then upright in the middle, then level again. */
export function takenByCurve(ends: Ends): Taken[] {
  const x = (ends.from.x + ends.to.x) / 2;
  const points = [ends.from, { x, y: ends.from.y }, { x, y: ends.to.y }, ends.to];
  return takenBy(straightened(points), ends);
}

const segmentsOf = (points: readonly Point[]): Segment[] => points.slice(1).map((point, i) => [points[i]!, point] as const);

/** An SVG path along corners, rounded. */
export function roundedPath(points: readonly Point[], radius = 9): string {
  const last = points.length - 1;
  return points.map((point, i) => {
    if (i === 0) return `M${point.x},${point.y}`;
    if (i === last) return `L${point.x},${point.y}`;
    const [before, after] = [points[i - 1]!, points[i + 1]!];
    const r = Math.min(radius, far(before, point) / 2, far(point, after) / 2);
    const [a, b] = [toward(point, before, r), toward(point, after, r)];
    return `L${a.x},${a.y}Q${point.x},${point.y} ${b.x},${b.y}`;
  }).join("");
}

/** The middle of the longest piece, where a button has room. */
export function middleOf(points: readonly Point[]): Point {
  const [a, b] = segmentsOf(points).reduce((best, one) => (far(...one) > far(...best) ? one : best));
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

const far = (a: Point, b: Point) => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);
const toward = (from: Point, to: Point, by: number): Point => ({ x: from.x + Math.sign(to.x - from.x) * by, y: from.y + Math.sign(to.y - from.y) * by });

function frameOf(points: readonly Point[]): Box {
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

const meets = (a: Box, b: Box, by: number) =>
  a.x - by < b.x + b.width && b.x < a.x + a.width + by && a.y - by < b.y + b.height && b.y < a.y + a.height + by;

function nearby(boxes: readonly Box[], frame: Box): Box[] {
  const found = boxes.filter((box) => meets(frame, box, AROUND));
  if (found.length <= MOST_BOXES) return found;
  const middle = { x: frame.x + frame.width / 2, y: frame.y + frame.height / 2 };
  const away = (box: Box) => far(middle, { x: box.x + box.width / 2, y: box.y + box.height / 2 });
  return found.sort((a, b) => away(a) - away(b)).slice(0, MOST_BOXES);
}

interface Grid {
  xs: number[];
  ys: number[];
}

function gridOf(boxes: readonly Box[], start: Point, goal: Point): Grid {
  const beside = (low: number, high: number) => LANES.flatMap((lane) => [low - lane, high + lane]);
  const xs = boxes.flatMap((box) => beside(box.x, box.x + box.width));
  const ys = boxes.flatMap((box) => beside(box.y, box.y + box.height));
  const sorted = (values: number[]) => [...new Set(values)].sort((a, b) => a - b);
  return { xs: sorted([start.x, goal.x, ...xs]), ys: sorted([start.y, goal.y, ...ys]) };
}

interface Step {
  x: number;
  y: number;
  level: boolean;
  cost: number;
  guess: number;
  before: Step | null;
}

function search({ xs, ys }: Grid, start: Point, goal: Point, boxes: readonly Box[], used: readonly Segment[]): Point[] | null {
  const [goalX, goalY] = [xs.indexOf(goal.x), ys.indexOf(goal.y)];
  const at = (step: { x: number; y: number }): Point => ({ x: xs[step.x]!, y: ys[step.y]! });
  const known = new Map<number, number>();
  const key = (x: number, y: number, level: boolean) => (y * xs.length + x) * 2 + Number(level);
  const open = new Heap();
  open.push({ x: xs.indexOf(start.x), y: ys.indexOf(start.y), level: true, cost: 0, guess: far(start, goal), before: null });
  for (let step = open.pop(); step; step = open.pop()) {
    if (step.x === goalX && step.y === goalY && step.level) return cornersOf(step, at);
    if ((known.get(key(step.x, step.y, step.level)) ?? Infinity) < step.cost) continue;
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) {
      const [x, y, level] = [step.x + dx, step.y + dy, dy === 0];
      if (x < 0 || y < 0 || x >= xs.length || y >= ys.length) continue;
      // The first piece leads on to the right, and the last comes from the left.
      if (!step.before && dx === -1) continue;
      if (x === goalX && y === goalY && dx === -1) continue;
      const piece: Segment = [at(step), at({ x, y })];
      if (boxes.some((box) => cuts(piece, box))) continue;
      const cost = step.cost + far(...piece) + (level === step.level ? 0 : BEND) + toll(piece, used);
      const id = key(x, y, level);
      if (cost >= (known.get(id) ?? Infinity)) continue;
      known.set(id, cost);
      open.push({ x, y, level, cost, guess: cost + far(at({ x, y }), goal), before: step });
    }
  }
  return null;
}

function cornersOf(last: Step, at: (step: Step) => Point): Point[] {
  const points: Point[] = [];
  for (let step: Step | null = last; step; step = step.before) points.unshift(at(step));
  return points;
}

const cuts = ([a, b]: Segment, box: Box) =>
  Math.max(a.x, b.x) > box.x - CLEAR && Math.min(a.x, b.x) < box.x + box.width + CLEAR &&
  Math.max(a.y, b.y) > box.y - CLEAR && Math.min(a.y, b.y) < box.y + box.height + CLEAR;

/** What it costs to run along another line or to cross it. */
function toll(piece: Segment, used: readonly Segment[]): number {
  let sum = 0;
  for (const other of used) {
    if (!meets(frameOf(piece), { ...frameOf(other) }, 4)) continue;
    sum += isLevel(piece) === isLevel(other) ? SHARED : CROSSED;
  }
  return sum;
}

const isLevel = ([a, b]: Segment) => a.y === b.y;

function straightened(points: Point[]): Point[] {
  return points.filter((point, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    return !before || !after || !((before.x === point.x && point.x === after.x) || (before.y === point.y && point.y === after.y));
  });
}

class Heap {
  private readonly steps: Step[] = [];

  push(step: Step): void {
    let at = this.steps.push(step) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (this.steps[above]!.guess <= step.guess) break;
      this.steps[at] = this.steps[above]!;
      at = above;
    }
    this.steps[at] = step;
  }

  pop(): Step | undefined {
    const top = this.steps[0];
    const last = this.steps.pop();
    if (!top || !last || !this.steps.length) return top;
    let at = 0;
    for (let below = 1; below < this.steps.length; below = at * 2 + 1) {
      if (below + 1 < this.steps.length && this.steps[below + 1]!.guess < this.steps[below]!.guess) below++;
      if (this.steps[below]!.guess >= last.guess) break;
      this.steps[at] = this.steps[below]!;
      at = below;
    }
    this.steps[at] = last;
    return top;
  }
}
