/** Room for a block on a line: what comes after moves on, and so does what would then be in the way. */
import type { FlowEdge, Point } from "../model";
import { GAPS } from "./layout";
import { type Box, CARD_SIZE, snapped } from "./place";
import { nodeOf } from "./ports";

export interface Room {
  at: Point;
  moves: Record<string, Point>;
}

const AWAY = 16;

/** Where a block on a line comes to lie: where it was dropped, else between its neighbours, else in the place of the next. */
export function makeRoom(dropped: Point, edge: FlowEdge, boxes: ReadonlyMap<string, Box>, size = CARD_SIZE): Room {
  const [source, target] = [boxes.get(nodeOf(edge.from)), boxes.get(nodeOf(edge.to))];
  const isFree = (at: Point) => ![...boxes.values()].some((box) => meet({ ...at, ...size }, box));
  if (!source || !target || isFree(dropped)) return { at: dropped, moves: {} };
  const between = snapped({ x: (source.x + source.width + target.x - size.width) / 2, y: (source.y + target.y) / 2 });
  if (isFree(between)) return { at: between, moves: {} };
  const at = { x: target.x, y: target.y };
  return { at, moves: pushed({ ...at, ...size }, nodeOf(edge.from), boxes, size.width + GAPS.x) };
}

function pushed(placed: Box, source: string, boxes: ReadonlyMap<string, Box>, by: number): Record<string, Point> {
  const moves: Record<string, Point> = {};
  const open: Box[] = [placed];
  for (let box = open.pop(); box; box = open.pop()) {
    for (const [id, other] of boxes) {
      if (id === source || id in moves || other.x + other.width / 2 < placed.x || !meet(box, other)) continue;
      const moved = { ...other, x: other.x + by };
      moves[id] = { x: moved.x, y: moved.y };
      open.push(moved);
    }
  }
  return moves;
}

const meet = (a: Box, b: Box) =>
  a.x < b.x + b.width + AWAY && b.x < a.x + a.width + AWAY && a.y < b.y + b.height + AWAY && b.y < a.y + a.height + AWAY;
