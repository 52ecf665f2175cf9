/** A coloured frame around blocks, or the one card they are folded into. */
import { Handle, type NodeProps, Position } from "@xyflow/react";
import { memo } from "react";
import { useCanvas } from "../context";
import { colourOf, FOLD_IN, FOLD_OUT, isFolded, membersOf } from "../flow/groups";
import { EditableName } from "./EditableName";
import { Icon } from "./Icon";
import type { BlockNode } from "./nodes";

export const Group = memo(function Group({ id, data, selected }: NodeProps<BlockNode>) {
  const { say, actions, readOnly } = useCanvas();
  const { node, card } = data;
  const folded = isFolded(node);
  const count = membersOf(node).length;
  const turn = say(folded ? "unfold" : "fold");
  return (
    <section
      className={`fl-group${selected ? " fl-selected" : ""}${folded ? " fl-folded" : ""}`}
      data-node={id}
      data-colour={colourOf(node)}
      data-status="idle"
    >
      <header className="fl-group-head">
        <button type="button" className="fl-group-fold nodrag" title={turn} aria-label={turn} aria-expanded={!folded} disabled={readOnly} onClick={() => actions.fold(id)}>
          <Icon name={folded ? "chevron_right" : "expand_more"} />
        </button>
        <EditableName node={id} name={node.name || card.label} />
        <span className="fl-group-count">{say("block_count", { count })}</span>
      </header>
      {folded && (
        <>
          <Handle id={FOLD_IN} type="target" position={Position.Left} isConnectable={false} />
          <Handle id={FOLD_OUT} type="source" position={Position.Right} isConnectable={false} />
        </>
      )}
    </section>
  );
});
