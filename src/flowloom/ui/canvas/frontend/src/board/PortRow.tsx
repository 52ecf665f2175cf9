/** One port: its label and the handle to pull a line from. */
import { Handle, Position } from "@xyflow/react";
import type { KeyboardEvent, ReactNode } from "react";
import { useCanvas } from "../context";
import type { Port } from "../model";

interface Props {
  node: string;
  name: string;
  port: Port;
  side: "input" | "output";
  joined: boolean;
  reachable: boolean;
  children?: ReactNode;
}

export function PortRow({ node, name, port, side, joined, reachable, children }: Props) {
  const { stores, say, catalog, allowed, readOnly } = useCanvas();
  const isInput = side === "input";
  const type = catalog.types[port.type]?.label ?? port.type;
  const words = say(isInput ? "input_of" : "output_of", { port: port.label, node: name, type });
  const needed = isInput && port.required === true && !joined;
  const accepts = Object.keys(catalog.types).filter((one) => allowed.has(isInput ? `${one}>${port.type}` : `${port.type}>${one}`));
  // A row that comes while a line is pulled has missed the marks that the others got.
  const line = stores.line.get();
  const fits = line !== null && line.side !== side && accepts.includes(line.type);
  return (
    <div className={`fl-port fl-port-${side}`} title={`${port.label} · ${type}`}>
      <span className="fl-port-label">
        {port.label}
        {needed && <span className="fl-needed" aria-hidden="true" />}
      </span>
      <Handle
        id={port.id}
        type={isInput ? "target" : "source"}
        position={isInput ? Position.Left : Position.Right}
        isConnectable={!readOnly}
        className={`fl-handle${needed ? " fl-hollow" : ""}${fits ? " fl-fits" : ""}`}
        data-handle={`${node}.${port.id}`}
        data-type={port.type}
        data-side={side}
        data-accepts={accepts.join(" ")}
        role="button"
        tabIndex={reachable && !readOnly ? 0 : -1}
        aria-label={needed ? `${words}, ${say("required")}` : words}
        onKeyDown={clickByKey}
      />
      {children}
    </div>
  );
}

function clickByKey(event: KeyboardEvent<HTMLDivElement>) {
  if (event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  event.stopPropagation();
  event.currentTarget.click();
}
