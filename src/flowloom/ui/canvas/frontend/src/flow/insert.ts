/** New blocks that take their place in the flow at once: on a line, or at the end of one begun in the open. */
import type { Card, Catalog, FlowEdge, FlowState, Kind, Op, Point, Port } from "../model";
import { cardOf } from "./apply";
import { findPort } from "./ports";

/** A line that has one end so far. */
export interface Begun {
  /** The end it has, `node.port`. */
  end: string;
  side: "output" | "input";
  type: string;
}

const cardFor = (kind: Kind, catalog: Catalog): Card => cardOf({ id: "", kind: kind.id, config: {} }, catalog);

/** The port of a card that a line of this type may lead to, a needed one before others. */
function fittingPort(card: Card, begun: Pick<Begun, "side" | "type">, allowed: ReadonlySet<string>): Port | undefined {
  const fits = (port: Port) =>
    allowed.has(begun.side === "output" ? `${begun.type}>${port.type}` : `${port.type}>${begun.type}`);
  const ports = (begun.side === "output" ? card.inputs : card.outputs).filter(fits);
  return ports.find((port) => port.type === begun.type && port.required) ?? ports.find((port) => port.type === begun.type) ?? ports[0];
}

/** The kinds a begun line may lead to. */
export function kindsFor(begun: Begun, catalog: Catalog, allowed: ReadonlySet<string>): Kind[] {
  return catalog.kinds.filter((kind) => fittingPort(cardFor(kind, catalog), begun, allowed));
}

/** The kinds a line may lead through. */
export function kindsOn(edge: FlowEdge, flow: FlowState, catalog: Catalog, allowed: ReadonlySet<string>): Kind[] {
  const at = { x: 0, y: 0 };
  return catalog.kinds.filter((kind) => insertOps(kind, "new", at, edge, flow, catalog, allowed).length > 1);
}

/** Add a block at the end of a begun line. */
export function attachOps(kind: Kind, id: string, at: Point, begun: Begun, catalog: Catalog, allowed: ReadonlySet<string>): Op[] {
  const add: Op = { op: "add", node: { id, kind: kind.id, config: {} }, at };
  const port = fittingPort(cardFor(kind, catalog), begun, allowed);
  if (!port) return [add];
  const edge = begun.side === "output" ? { from: begun.end, to: `${id}.${port.id}` } : { from: `${id}.${port.id}`, to: begun.end };
  return [add, { op: "connect", ...edge }];
}

/** Add a block on a line, which then leads through it; beside the line where it cannot. */
export function insertOps(kind: Kind, id: string, at: Point, edge: FlowEdge, flow: FlowState, catalog: Catalog, allowed: ReadonlySet<string>): Op[] {
  const add: Op = { op: "add", node: { id, kind: kind.id, config: {} }, at };
  const from = findPort(flow, edge.from, "outputs");
  const to = findPort(flow, edge.to, "inputs");
  const card = cardFor(kind, catalog);
  const entry = from && fittingPort(card, { side: "output", type: from.type }, allowed);
  const exit = to && fittingPort(card, { side: "input", type: to.type }, allowed);
  if (!entry || !exit || entry.type === "tool") return [add];
  return [
    add,
    { op: "disconnect", ...edge },
    { op: "connect", from: edge.from, to: `${id}.${entry.id}` },
    { op: "connect", from: `${id}.${exit.id}`, to: edge.to },
  ];
}
