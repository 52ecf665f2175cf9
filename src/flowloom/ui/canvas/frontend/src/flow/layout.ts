/** A tidy place for every block: layers from left to right, in rows that fit the window (Sugiyama et al. 1981). */
import type { FlowState, Point } from "../model";
import { orderColumns, type Line } from "./ordering";
import { bandsOf, layersOf } from "./layers";
import { levelColumns } from "./levels";
import { GROUP, membersOf, PADDING } from "./groups";
import { placeAside } from "./aside";
import { type Box, CARD_SIZE, placeOf, snap } from "./place";
import { nodeOf } from "./ports";

export interface Size {
  width: number;
  height: number;
}

/** Between columns, between the cards of one column, and between rows: wide enough for the lines to pass. */
export const GAPS = { x: 50, y: 24, row: 44 };

/** How far below the upper edge of its node the end of a line lies. */
export type Anchor = (end: string, side: "source" | "target") => number | undefined;

interface Wish {
  /** How wide a row may be. */
  room?: number;
  anchor?: Anchor;
}

/** New places for the nodes of `ids`, all others stay; the upper left corner stays where it was. */
export function tidyPlaces(flow: FlowState, ids: readonly string[], sizes: ReadonlyMap<string, Size>, { room = Infinity, anchor }: Wish = {}): Record<string, Point> {
  const sizeOf = (id: string) => {
    const { width, height } = sizes.get(id) ?? CARD_SIZE;
    return { width, height };
  };
  const groups = groupsOf(flow);
  const lines = linesAmong(flow, ids, sizeOf, anchor);
  const linked = new Set(lines.flatMap((line) => [line.from, line.to]));
  // A flow of one block, or blocks that no line leads to, stand in a row of their own making.
  const loose = linked.size ? ids.filter((id) => !linked.has(id)) : ids.slice(1);
  const main = ids.filter((id) => !loose.includes(id));
  const places = new Map<string, Box>();
  let top = 0;
  for (const band of bandsOf(layersOf(main, lines), lines, sizeOf, room)) top = placeBand(band, lines, sizeOf, groups, top, places) + GAPS.row;
  placeAside(loose, flow, sizeOf, places, room);
  return shifted(flow, ids, places);
}

function placeBand(band: string[][], lines: Line[], sizeOf: (id: string) => Size, groups: ReadonlyMap<string, string>, top: number, places: Map<string, Box>): number {
  const columns = orderColumns(band, lines, groups);
  const levels = levelColumns(columns, lines, sizeOf, groups);
  const framed = columns.some((column) => groups.has(column[0] ?? ""));
  const highest = Math.min(...levels.values()) - (framed ? PADDING.top : 0);
  let [x, bottom] = [0, top];
  for (const column of columns) {
    const real = column.filter((id) => !id.includes(">"));
    for (const id of real) {
      const box = { x, y: snap(top + levels.get(id)! - highest), ...sizeOf(id) };
      places.set(id, box);
      bottom = Math.max(bottom, box.y + box.height);
    }
    x += Math.max(...real.map((id) => sizeOf(id).width), 0) + GAPS.x;
  }
  return Math.ceil(bottom / 10) * 10;
}

/** Which group a block is in; the first where there are several. */
function groupsOf(flow: FlowState): Map<string, string> {
  const found = new Map<string, string>();
  for (const node of Object.values(flow.nodes)) {
    if (node.kind === GROUP) for (const id of membersOf(node)) if (!found.has(id)) found.set(id, node.id);
  }
  return found;
}

function linesAmong(flow: FlowState, ids: readonly string[], sizeOf: (id: string) => Size, anchor?: Anchor): Line[] {
  const chosen = new Set(ids);
  const fits = flow.edges.filter((edge) => chosen.has(nodeOf(edge.from)) && chosen.has(nodeOf(edge.to)) && nodeOf(edge.from) !== nodeOf(edge.to));
  return fits.map((edge) => {
    const [from, to] = [nodeOf(edge.from), nodeOf(edge.to)];
    const out = anchor?.(edge.from, "source") ?? sizeOf(from).height / 2;
    const into = anchor?.(edge.to, "target") ?? sizeOf(to).height / 2;
    return { from, to, out, into };
  });
}

function shifted(flow: FlowState, ids: readonly string[], places: ReadonlyMap<string, Box>): Record<string, Point> {
  const order = Object.keys(flow.nodes);
  const before = ids.map((id) => placeOf(flow, id, order.indexOf(id)));
  const after = ids.map((id) => places.get(id)!);
  const shift = { x: least(before, "x") - least(after, "x"), y: least(before, "y") - least(after, "y") };
  return Object.fromEntries(ids.map((id, i) => [id, { x: snap(after[i]!.x + shift.x), y: snap(after[i]!.y + shift.y) }]));
}

const least = (places: Point[], axis: "x" | "y") => Math.min(...places.map((place) => place[axis]));
