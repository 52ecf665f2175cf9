/** A tidy place for every block: layers from left to right, few crossings (dagre: Gansner et al. 1993). */
import { graphlib, layout } from "@dagrejs/dagre";
import type { FlowState, Point } from "../model";
import { CARD_SIZE, placeOf, snapped } from "./place";
import { nodeOf } from "./ports";

export interface Size {
  width: number;
  height: number;
}

/** New places for the nodes of `ids`, all others stay; the upper left corner stays where it was. */
export function tidyPlaces(flow: FlowState, ids: readonly string[], sizes: ReadonlyMap<string, Size>): Record<string, Point> {
  const chosen = new Set(ids);
  const graph = new graphlib.Graph({ multigraph: false });
  graph.setGraph({ rankdir: "LR", nodesep: 50, ranksep: 110 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of ids) graph.setNode(id, { ...(sizes.get(id) ?? CARD_SIZE) });
  for (const edge of flow.edges) {
    const [from, to] = [nodeOf(edge.from), nodeOf(edge.to)];
    if (chosen.has(from) && chosen.has(to)) graph.setEdge(from, to);
  }
  layout(graph);
  const order = Object.keys(flow.nodes);
  const before = ids.map((id) => placeOf(flow, id, order.indexOf(id)));
  const after = ids.map((id) => cornerOf(graph.node(id) as Size & Point));
  const shift = { x: least(before, "x") - least(after, "x"), y: least(before, "y") - least(after, "y") };
  return Object.fromEntries(ids.map((id, i) => [id, snapped({ x: after[i]!.x + shift.x, y: after[i]!.y + shift.y })]));
}

const cornerOf = ({ x, y, width, height }: Size & Point): Point => ({ x: x - width / 2, y: y - height / 2 });
const least = (places: Point[], axis: "x" | "y") => Math.min(...places.map((place) => place[axis]));
