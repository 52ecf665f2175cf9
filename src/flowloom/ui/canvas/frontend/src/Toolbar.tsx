/** Zoom, history, and whether everything is saved. */
import { useReactFlow, useStore as useFlowStore } from "@xyflow/react";
import { Icon } from "./board/Icon";
import { FIT, isCalm } from "./board/useView";
import { useCanvas } from "./context";
import { useStore } from "./store";
import type { TextKey } from "./texts";

export function Toolbar() {
  const { say, stores, actions, readOnly, replay } = useCanvas();
  const { zoomIn, zoomOut, fitView } = useReactFlow();
  const canUndo = useStore(stores.flow, (flow) => flow.can_undo);
  const canRedo = useStore(stores.flow, (flow) => flow.can_redo);
  const run = useStore(stores.run, (status) => (status.state === "running" ? null : status.run_id));
  const move = { duration: isCalm() ? 0 : 180 };
  return (
    <div className="fl-toolbar" role="toolbar" aria-label={say("toolbar")}>
      {!readOnly && (
        <>
          <Tool name="undo" icon="undo" disabled={!canUndo} onUse={actions.undo} />
          <Tool name="redo" icon="redo" disabled={!canRedo} onUse={actions.redo} />
          <Tool name="tidy" icon="account_tree" onUse={actions.tidy} />
          <span className="fl-gap" />
        </>
      )}
      <Tool name="zoom_out" icon="remove" onUse={() => void zoomOut(move)} />
      <Tool name="zoom_in" icon="add" onUse={() => void zoomIn(move)} />
      <Tool name="fit" icon="fit_screen" onUse={() => void fitView({ ...FIT, ...move })} />
      {run && <Tool name="replay" icon="history" onUse={() => replay(run)} />}
      <Tool name="find" icon="search" onUse={actions.find} />
      {!readOnly && <Tool name="shortcuts" icon="keyboard" onUse={() => stores.sheet.set(true)} />}
      <span className="fl-gap" />
      <Saved />
    </div>
  );
}

/** What the keyboard does to the selection, for those who have none. */
export function SelectionBar() {
  const { say, actions, readOnly } = useCanvas();
  const nodes = useFlowStore((state) => state.nodes.filter((node) => node.selected).length);
  const edges = useFlowStore((state) => state.edges.filter((edge) => edge.selected).length);
  if (readOnly || nodes + edges === 0) return null;
  return (
    <div className="fl-toolbar fl-selection" role="toolbar" aria-label={say("selection")}>
      {nodes === 1 && <Tool name="rename" icon="edit" onUse={actions.renameSelected} />}
      {nodes > 1 && (
        <>
          <Tool name="align_left" icon="align_horizontal_left" onUse={() => actions.align("left")} />
          <Tool name="align_top" icon="align_vertical_top" onUse={() => actions.align("top")} />
          {nodes > 2 && <Tool name="spread_across" icon="horizontal_distribute" onUse={() => actions.align("across")} />}
          {nodes > 2 && <Tool name="spread_down" icon="vertical_distribute" onUse={() => actions.align("down")} />}
        </>
      )}
      {nodes > 0 && <Tool name="group" icon="select_all" onUse={actions.group} />}
      {nodes > 0 && <Tool name="duplicate" icon="content_copy" onUse={actions.duplicate} />}
      <Tool name="remove_selected" icon="delete" onUse={actions.removeSelected} />
    </div>
  );
}

interface ToolProps {
  name: TextKey;
  icon: string;
  disabled?: boolean;
  onUse: () => void;
}

function Tool({ name, icon, disabled = false, onUse }: ToolProps) {
  const words = useCanvas().say(name);
  return (
    <button
      type="button"
      className="fl-button"
      data-testid={`tool-${name}`}
      aria-label={words}
      title={words}
      aria-disabled={disabled}
      onClick={() => !disabled && onUse()}
    >
      <Icon name={icon} />
    </button>
  );
}

function Saved() {
  const { stores, say, readOnly } = useCanvas();
  const { pending, online, ready } = useStore(stores.connection, (value) => value);
  const state = !online ? "offline" : pending || !ready ? "saving" : "saved";
  const icons = { offline: "cloud_off", saving: "sync", saved: readOnly ? "visibility" : "cloud_done" };
  const words = {
    offline: pending ? say("offline_count", { count: pending }) : say("reconnecting"),
    saving: ready ? say("saving") : say("loading"),
    saved: say(readOnly ? "read_only" : "saved"),
  };
  return (
    <span className={`fl-saved fl-saved-${state}`} data-testid="saved" data-pending={pending} data-state={state} role="status">
      <Icon name={icons[state]} />
      <span>{words[state]}</span>
    </span>
  );
}
