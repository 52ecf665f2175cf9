/** A node as a card: what it is, what goes in and out, how it fares. */
import { type NodeProps, useUpdateNodeInternals } from "@xyflow/react";
import { memo, useEffect, useMemo, useRef, useState } from "react";
import { useCanvas } from "../context";
import { DropZone } from "../documents/DropZone";
import { droppedFiles } from "../documents/dropped";
import { fileTarget } from "../documents/useFileDrags";
import { isLoose, shownPorts } from "../flow/shown";
import type { Port } from "../model";
import { Icon } from "./Icon";
import { EditableName } from "./EditableName";
import { NextButton } from "./NextButton";
import type { BlockNode } from "./nodes";
import { PortRow } from "./PortRow";
import { ProblemBadge, StatusLine, useNodeStatus } from "./Status";
import { useReached } from "./useReached";

export const Block = memo(function Block({ id, data, selected }: NodeProps<BlockNode>) {
  const { say, catalog, readOnly, addDocuments } = useCanvas();
  const status = useNodeStatus(id);
  const { reached, reach } = useReached();
  const { node, card, joined, leading } = data;
  const name = node.name || card.label || node.kind;
  const group = catalog.groups.find((one) => one.id === card.group)?.label ?? "";
  const kind = card.known ? (name === card.label ? group : card.label) : say("unknown_block");
  const [ins, outs] = useMemo(() => [setOf(joined), setOf(leading)], [joined, leading]);
  const shown = useMemo(() => shownPorts(card, ins, outs), [card, ins, outs]);
  const hasMore = shown.foldedInputs.length + shown.foldedOutputs.length > 0;
  const open = hasMore && (selected || reached);
  const takes = card.documents === true && !readOnly;
  const [over, setOver] = useState(false);
  const target = takes ? fileTarget(setOver, (data) => addDocuments(id, droppedFiles(data))) : {};
  useFreshHandles(id, `${open} ${shown.inputs.map(idOf).join(" ")}>${shown.outputs.map(idOf).join(" ")}`);
  const row = (port: Port, side: "input" | "output") => (
    <PortRow key={port.id} node={id} name={name} port={port} side={side} joined={ins.has(port.id)} reachable={selected}>
      {side === "output" && !readOnly && shown.outputs.includes(port) && isLoose(card, port, outs) && (
        <NextButton node={id} name={name} port={port} />
      )}
    </PortRow>
  );
  const ports = (inputs: Port[], outputs: Port[]) => (
    <>
      <div className="fl-inputs">{inputs.map((port) => row(port, "input"))}</div>
      <div className="fl-outputs">{outputs.map((port) => row(port, "output"))}</div>
    </>
  );
  return (
    <article
      className={`fl-block${selected ? " fl-selected" : ""}${card.known ? "" : " fl-unknown"}`}
      data-open={open || undefined}
      data-node={id}
      data-group={card.group}
      data-status={status?.status ?? "idle"}
      data-over={over || undefined}
      {...reach}
      {...target}
    >
      <div className="fl-block-head">
        <span className="fl-tile">
          <Icon name={card.icon || "extension"} />
        </span>
        <div className="fl-block-words">
          <EditableName node={id} name={name} />
          {status ? <StatusLine status={status} kind={kind} /> : <div className="fl-kind">{kind}</div>}
        </div>
        <ProblemBadge id={id} failure={status?.problem} />
      </div>
      {card.summary && <p className="fl-summary">{card.summary}</p>}
      {shown.inputs.length + shown.outputs.length > 0 && <div className="fl-ports">{ports(shown.inputs, shown.outputs)}</div>}
      {takes && <DropZone node={id} />}
      {open && (
        <div className="fl-ports fl-more" data-testid="more-ports">
          {ports(shown.foldedInputs, shown.foldedOutputs)}
        </div>
      )}
      {hasMore && !open && <i className="fl-has-more" aria-hidden="true" />}
    </article>
  );
});

const idOf = (port: Port) => port.id;
const setOf = (ids: string) => new Set(ids ? ids.split(" ") : []);

/** React Flow measures the handles of a card when its size changes; others may come and go without that. */
function useFreshHandles(id: string, ports: string) {
  const update = useUpdateNodeInternals();
  const before = useRef(ports);
  useEffect(() => {
    if (before.current === ports) return;
    before.current = ports;
    update(id);
  }, [id, ports, update]);
}
