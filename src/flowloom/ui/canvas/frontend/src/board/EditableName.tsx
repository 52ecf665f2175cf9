/** A node's name, which a double click turns into a field. */
import { useEffect, useRef, useState } from "react";
import { useCanvas } from "../context";

/** Asks the node of that id to open its name for writing. */
export const RENAME = "flowloom-rename";

export function EditableName({ node, name }: { node: string; name: string }) {
  const { say, actions, readOnly } = useCanvas();
  const [draft, setDraft] = useState<string | null>(null);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const holder = place.current?.closest("[data-node]");
    const open = () => !readOnly && setDraft(name);
    holder?.addEventListener(RENAME, open);
    return () => holder?.removeEventListener(RENAME, open);
  }, [name, readOnly]);

  const finish = (save: boolean) => {
    const next = draft?.trim();
    setDraft(null);
    if (save && next && next !== name) actions.rename(node, next);
    place.current?.closest<HTMLElement>(".react-flow__node")?.focus({ preventScroll: true });
  };
  return (
    <div ref={place}>
      {draft === null ? (
        <div className="fl-name" title={name} onDoubleClick={() => !readOnly && setDraft(name)}>
          {name}
        </div>
      ) : (
        <input
          className="fl-name-field nodrag nopan"
          aria-label={say("name_of_block")}
          value={draft}
          maxLength={120}
          autoFocus
          onFocus={(event) => event.target.select()}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={() => draft !== null && finish(true)}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key === "Enter" && !event.nativeEvent.isComposing) finish(true);
            if (event.key === "Escape") finish(false);
          }}
        />
      )}
    </div>
  );
}
