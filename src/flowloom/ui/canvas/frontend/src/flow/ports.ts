/** Which ports may be joined, and the reason where they may not. */
import type { Catalog, FlowEdge, FlowState, Port } from "../model";
import type { TextKey } from "../texts";

export const nodeOf = (end: string) => end.slice(0, end.indexOf("."));
export const portOf = (end: string) => end.slice(end.indexOf(".") + 1);

export function allowedPairs(catalog: Catalog): Set<string> {
  return new Set(catalog.allowed.map(([from, to]) => `${from}>${to}`));
}

export function findPort(flow: FlowState, end: string, side: "inputs" | "outputs"): Port | undefined {
  return flow.cards[nodeOf(end)]?.[side].find((port) => port.id === portOf(end));
}

export interface Refusal {
  key: TextKey;
  values?: Record<string, string>;
}

export function refusal(flow: FlowState, edge: FlowEdge, catalog: Catalog, allowed = allowedPairs(catalog)) {
  return refuseSelf(edge) ?? refuseType(flow, edge, catalog, allowed);
}

function refuseSelf(edge: FlowEdge): Refusal | undefined {
  return nodeOf(edge.from) === nodeOf(edge.to) ? { key: "refuse_self" } : undefined;
}

function refuseType(flow: FlowState, edge: FlowEdge, catalog: Catalog, allowed: Set<string>): Refusal | undefined {
  const from = findPort(flow, edge.from, "outputs");
  const to = findPort(flow, edge.to, "inputs");
  if (!from || !to) return { key: "refuse_ends" };
  if (allowed.has(`${from.type}>${to.type}`)) return undefined;
  const word = (type: string) => catalog.types[type]?.label ?? type;
  const place = (end: string, port: Port) => `${nameOf(flow, nodeOf(end))} · ${port.label}`;
  return {
    key: "refuse_type",
    values: {
      from: place(edge.from, from),
      from_type: word(from.type),
      to: place(edge.to, to),
      to_type: word(to.type),
    },
  };
}

/** Whether an edge would lead back to where it comes from. */
export const makesLoop = (flow: FlowState, edge: FlowEdge) => reaches(flow.edges, nodeOf(edge.to), nodeOf(edge.from));

export function reaches(edges: FlowEdge[], start: string, goal: string): boolean {
  const after = new Map<string, string[]>();
  for (const edge of edges) {
    const source = nodeOf(edge.from);
    after.set(source, [...(after.get(source) ?? []), nodeOf(edge.to)]);
  }
  const seen = new Set([start]);
  const open = [start];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === goal) return true;
    for (const next of after.get(node) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return false;
}

export function nameOf(flow: FlowState, id: string): string {
  return flow.nodes[id]?.name || flow.cards[id]?.label || id;
}
