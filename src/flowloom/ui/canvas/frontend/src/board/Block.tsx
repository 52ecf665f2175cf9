/** A node as a card: what it is, what goes in and out, how it fares. */
import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import { useCanvas } from "../context";
import type { Port } from "../model";
import { Icon } from "./Icon";
import { EditableName } from "./EditableName";
import type { BlockNode } from "./nodes";
import { PortRow } from "./PortRow";
import { ProblemBadge, StatusLine, useNodeStatus } from "./Status";

export const Block = memo(function Block({ id, data, selected }: NodeProps<BlockNode>) {
  const { say, catalog } = useCanvas();
  const status = useNodeStatus(id);
  const { node, card, joined } = data;
  const name = node.name || card.label || node.kind;
  const group = catalog.groups.find((one) => one.id === card.group)?.label ?? "";
  const kind = card.known ? (name === card.label ? group : card.label) : say("unknown_block");
  const connected = new Set(joined.split(" "));
  const ports = (list: Port[], side: "input" | "output") =>
    list.map((port) => (
      <PortRow
        key={port.id}
        node={id}
        name={name}
        port={port}
        side={side}
        joined={connected.has(port.id)}
        reachable={selected}
      />
    ));
  return (
    <article
      className={`fl-block${selected ? " fl-selected" : ""}${card.known ? "" : " fl-unknown"}`}
      data-node={id}
      data-group={card.group}
      data-status={status?.status ?? "idle"}
    >
      <div className="fl-block-head">
        <span className="fl-tile">
          <Icon name={card.icon || "extension"} />
        </span>
        <div className="fl-block-words">
          <EditableName node={id} name={name} />
          <div className="fl-kind">{kind}</div>
        </div>
        <ProblemBadge id={id} failure={status?.problem} />
      </div>
      {card.summary && <p className="fl-summary">{card.summary}</p>}
      {(card.inputs.length > 0 || card.outputs.length > 0) && (
        <div className="fl-ports">
          <div className="fl-inputs">{ports(card.inputs, "input")}</div>
          <div className="fl-outputs">{ports(card.outputs, "output")}</div>
        </div>
      )}
      <StatusLine status={status} />
    </article>
  );
});
