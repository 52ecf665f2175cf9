/** Which ports a compact card shows; the others are folded until somebody reaches for them. */
import type { Card, Port } from "../model";

export interface ShownPorts {
  inputs: Port[];
  outputs: Port[];
  /** Ports that nobody uses yet. */
  foldedInputs: Port[];
  foldedOutputs: Port[];
}

/** Ports with a line, inputs that need one, every way out of a block that chooses, and one to go on from. */
export function shownPorts(card: Card, joined: ReadonlySet<string>, leading: ReadonlySet<string>): ShownPorts {
  const isTool = card.outputs.some((port) => port.type === "tool" && leading.has(port.id));
  const needed = (port: Port) => port.required === true && !isTool;
  // Where nothing is connected yet, one must see where to begin.
  const inputs = atLeastOne(card.inputs, (port) => joined.has(port.id) || needed(port), leading.size === 0);
  const isWay = (port: Port) => !isTool && card.ways?.includes(port.id) === true;
  const outputs = atLeastOne(card.outputs, (port) => leading.has(port.id) || isWay(port), !isTool && card.answers !== true);
  const [shownIn, shownOut] = [new Set(inputs), new Set(outputs)];
  return {
    inputs,
    outputs,
    foldedInputs: card.inputs.filter((port) => !shownIn.has(port)),
    foldedOutputs: card.outputs.filter((port) => !shownOut.has(port)),
  };
}

function atLeastOne(ports: Port[], isShown: (port: Port) => boolean, wanted: boolean): Port[] {
  const shown = ports.filter(isShown);
  return shown.length || !wanted ? shown : ports.slice(0, 1);
}

/** A failure and a tool are no ways a choice may go. */
const isPlain = (port: Port) => port.type !== "tool" && port.id !== "error";

/** An output that is shown and leads nowhere, though the flow could go on there. */
export const isLoose = (card: Card, port: Port, leading: ReadonlySet<string>) =>
  isPlain(port) && card.answers !== true && !leading.has(port.id);
