/** Notes, and blocks without a line: each in a free spot near the block it lay beside. */
import type { FlowState } from "../model";
import { GAPS, type Size } from "./layout";
import { type Box, CARD_SIZE, placeOf } from "./place";

const AWAY = 14;
const DEEPER = 3;

export function placeAside(ids: readonly string[], flow: FlowState, sizeOf: (id: string) => Size, places: Map<string, Box>, room: number): void {
  const order = Object.keys(flow.nodes);
  const before = (id: string): Box => ({ ...placeOf(flow, id, order.indexOf(id)), ...sizeOf(id) });
  const blocks = [...places.keys()];
  for (const id of ids) {
    const host = nearest(before(id), blocks.map((block): [string, Box] => [block, before(block)]));
    places.set(id, freeSpot(sizeOf(id), places.get(host ?? ""), [...places.values()], room));
  }
}

function nearest(box: Box, others: [string, Box][]): string | undefined {
  const far = ([, other]: [string, Box]) => distance(box, other);
  return others.reduce<[string, Box] | undefined>((best, one) => (best && far(best) <= far(one) ? best : one), undefined)?.[0];
}

function freeSpot(size: Size, host: Box | undefined, taken: Box[], room: number): Box {
  const bottom = Math.max(0, ...taken.map((box) => box.y + box.height));
  const right = Math.max(CARD_SIZE.width, ...taken.map((box) => box.x + box.width));
  const columns = new Set([0, ...taken.map((box) => box.x)]);
  if (right + GAPS.x + size.width <= room) columns.add(right + GAPS.x);
  let best: { box: Box; cost: number } | null = null;
  for (const x of columns) {
    for (let y = 0; y <= bottom + GAPS.y + 10; y += 10) {
      const box = { x, y, ...size };
      if (taken.some((other) => overlap(box, other))) continue;
      const cost = (host ? distance(box, host) : y + x) + DEEPER * Math.max(0, y + size.height - bottom);
      if (!best || cost < best.cost) best = { box, cost };
    }
  }
  return best?.box ?? { x: 0, y: Math.ceil((bottom + GAPS.y) / 10) * 10, ...size };
}

const overlap = (a: Box, b: Box) => a.x < b.x + b.width + AWAY && b.x < a.x + a.width + AWAY && a.y < b.y + b.height + AWAY && b.y < a.y + a.height + AWAY;
const distance = (a: Box, b: Box) => Math.hypot(a.x + a.width / 2 - b.x - b.width / 2, a.y + a.height / 2 - b.y - b.height / 2);
