/** A sticky note: words for whoever reads the canvas. */
import type { NodeProps } from "@xyflow/react";
import { memo, useEffect, useRef, useState } from "react";
import { useCanvas } from "../context";
import { RENAME } from "./EditableName";
import type { BlockNode } from "./nodes";

export const Note = memo(function Note({ id, data, selected }: NodeProps<BlockNode>) {
  const { say, actions, readOnly } = useCanvas();
  const text = String(data.node.config?.text ?? "");
  const [draft, setDraft] = useState<string | null>(null);
  const place = useRef<HTMLElement>(null);
  const open = () => !readOnly && setDraft(text);
  useEffect(() => {
    const note = place.current;
    note?.addEventListener(RENAME, open);
    return () => note?.removeEventListener(RENAME, open);
  });
  const finish = () => {
    if (draft !== null && draft !== text) actions.writeNote(id, draft);
    setDraft(null);
  };
  return (
    <article
      ref={place}
      className={`fl-note${selected ? " fl-selected" : ""}`}
      data-node={id}
      data-status="idle"
      onDoubleClick={open}
    >
      {draft === null ? (
        <p className={text ? "" : "fl-faint"}>{text || say("empty_note")}</p>
      ) : (
        <textarea
          className="nodrag nopan nowheel"
          aria-label={say("edit_note")}
          value={draft}
          autoFocus
          rows={Math.max(4, draft.split("\n").length + 1)}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={finish}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key === "Escape" || (event.key === "Enter" && (event.metaKey || event.ctrlKey))) finish();
          }}
        />
      )}
    </article>
  );
});
