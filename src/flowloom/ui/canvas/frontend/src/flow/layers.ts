/** Which column a block stands in, and where a long row breaks into the next. */
import { GAPS, type Size } from "./layout";
import type { Line } from "./ordering";

/** The ids by column: each block right of all that lead to it; lines that lead back do not count. */
export function layersOf(ids: readonly string[], lines: readonly Line[]): string[][] {
  const ahead = forward(ids, lines);
  const layer = new Map<string, number>(ids.map((id) => [id, 0]));
  const order = inOrder(ids, ahead);
  for (const id of order) for (const { to } of ahead.get(id) ?? []) layer.set(to, Math.max(layer.get(to)!, layer.get(id)! + 1));
  const entered = new Set([...ahead.values()].flat().map((line) => line.to));
  // What nothing leads to stands just before what it serves, such as the tools of an agent.
  for (const id of order) {
    const next = (ahead.get(id) ?? []).map((line) => layer.get(line.to)!);
    if (!entered.has(id) && next.length) layer.set(id, Math.min(...next) - 1);
  }
  const layers: string[][] = [];
  for (const id of ids) (layers[layer.get(id)!] ??= []).push(id);
  return Array.from(layers, (one) => one ?? []).filter((one) => one.length > 0);
}

/** The lines by where they begin, without those that close a circle. */
function forward(ids: readonly string[], lines: readonly Line[]): Map<string, Line[]> {
  const out = new Map<string, Line[]>(ids.map((id) => [id, []]));
  for (const line of lines) out.get(line.from)?.push(line);
  const entered = new Set(lines.map((line) => line.to));
  const state = new Map<string, "open" | "done">();
  const ahead = new Map<string, Line[]>(ids.map((id) => [id, []]));
  const starts = [...ids.filter((id) => !entered.has(id)), ...ids];
  for (const start of starts) {
    if (state.has(start)) continue;
    state.set(start, "open");
    const stack = [{ id: start, next: 0 }];
    while (stack.length) {
      const top = stack[stack.length - 1]!;
      const line = out.get(top.id)![top.next++];
      if (!line) {
        state.set(top.id, "done");
        stack.pop();
      } else if (state.get(line.to) !== "open") {
        ahead.get(top.id)!.push(line);
        if (!state.has(line.to)) {
          state.set(line.to, "open");
          stack.push({ id: line.to, next: 0 });
        }
      }
    }
  }
  return ahead;
}

function inOrder(ids: readonly string[], ahead: ReadonlyMap<string, Line[]>): string[] {
  const waiting = new Map<string, number>(ids.map((id) => [id, 0]));
  for (const { to } of [...ahead.values()].flat()) waiting.set(to, waiting.get(to)! + 1);
  const order = ids.filter((id) => waiting.get(id) === 0);
  for (let at = 0; at < order.length; at++) {
    for (const { to } of ahead.get(order[at]!)!) {
      waiting.set(to, waiting.get(to)! - 1);
      if (waiting.get(to) === 0) order.push(to);
    }
  }
  return order;
}

const CUT = 50;

/** The layers in rows no wider than the room, cut where it costs the least height and the fewest lines. */
export function bandsOf(layers: string[][], lines: readonly Line[], sizeOf: (id: string) => Size, room: number): string[][][] {
  const width = (layer: string[]) => Math.max(...layer.map((id) => sizeOf(id).width));
  const height = (layer: string[]) => layer.reduce((sum, id) => sum + sizeOf(id).height + GAPS.y, 0);
  const at = new Map(layers.flatMap((layer, index) => layer.map((id): [string, number] => [id, index])));
  const crossing = (cut: number) => lines.filter((line) => Math.min(at.get(line.from)!, at.get(line.to)!) < cut && Math.max(at.get(line.from)!, at.get(line.to)!) >= cut).length;
  const best: { cost: number; from: number }[] = [{ cost: 0, from: 0 }];
  for (let end = 1; end <= layers.length; end++) {
    best[end] = { cost: Infinity, from: end - 1 };
    let [wide, high] = [-GAPS.x, 0];
    for (let from = end - 1; from >= 0; from--) {
      wide += width(layers[from]!) + GAPS.x;
      high = Math.max(high, height(layers[from]!));
      if (wide > room && end - from > 2) break;
      const cost = best[from]!.cost + high + GAPS.row + (from ? crossing(from) * CUT : 0);
      if (cost < best[end]!.cost) best[end] = { cost, from };
    }
  }
  const bands: string[][][] = [];
  for (let end = layers.length; end > 0; end = best[end]!.from) bands.unshift(layers.slice(best[end]!.from, end));
  return bands;
}
