/** The documents of a block on its card: a place to drop some, how far they are, and what became of them. */
import { useRef, type MouseEvent } from "react";
import { Icon } from "../board/Icon";
import { useCanvas } from "../context";
import { useStore } from "../store";
import type { Documents } from "./add";

const NOTHING = "knowledge.empty";
const touches = () => typeof matchMedia === "function" && matchMedia("(pointer: coarse)").matches;

/** Quiet where there are documents and nothing happens; shown by the drag of files, which only eyes can follow. */
export function DropZone({ node }: { node: string }) {
  const { stores, say } = useCanvas();
  const told = useStore(stores.documents, (all) => all.get(node));
  const empty = useStore(stores.flow, (flow) => flow.problems.some((one) => one.code === NOTHING && one.node === node));
  return (
    <>
      <div role="status" className="fl-docs-state">
        {told && <Told told={told} close={() => stores.tellDocuments(node, null)} />}
      </div>
      {!told && empty && <ChooseFiles node={node} />}
      <div className="fl-drop" aria-hidden="true">
        <Icon name="upload_file" />
        <span>{say("drop_here")}</span>
      </div>
    </>
  );
}

function ChooseFiles({ node }: { node: string }) {
  const { say, catalog, addDocuments } = useCanvas();
  const input = useRef<HTMLInputElement>(null);
  const choose = (event: MouseEvent) => {
    event.stopPropagation();
    input.current?.click();
  };
  return (
    <>
      <button type="button" className="fl-docs nodrag nopan nokey" data-testid={`documents-${node}`} onClick={choose}>
        <Icon name="upload_file" />
        <span>{say(touches() ? "tap_to_choose" : "drop_or_choose")}</span>
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={catalog.documents?.endings.map((ending) => `.${ending}`).join(",")}
        onClick={(event) => event.stopPropagation()}
        onChange={(event) => {
          addDocuments(node, [...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </>
  );
}

function Told({ told, close }: { told: Documents; close: () => void }) {
  const { say } = useCanvas();
  const shut = (event: MouseEvent) => {
    // It selects no block.
    event.stopPropagation();
    close();
  };
  if (told.state === "reading") {
    return (
      <div className="fl-docs-told fl-status-running">
        <span>{told.said}</span>
        <div className="fl-docs-bar" aria-hidden="true">
          <i style={{ width: `${100 * told.done}%` }} />
        </div>
      </div>
    );
  }
  return (
    <div className="fl-docs-told nodrag nowheel nopan">
      <button type="button" className="fl-docs-close nokey" aria-label={say("close")} title={say("close")} onClick={shut}>
        <Icon name="close" />
      </button>
      {told.said && <p className="fl-docs-added">{told.said}</p>}
      {told.problems.map((problem) => (
        <p key={problem} className="fl-docs-problem">
          {problem}
        </p>
      ))}
    </div>
  );
}
