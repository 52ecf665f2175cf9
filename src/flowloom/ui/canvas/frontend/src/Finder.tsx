/** Search on the canvas: where is it said, and the view goes there. */
import { useReactFlow } from "@xyflow/react";
import { useDeferredValue, useState } from "react";
import { Icon } from "./board/Icon";
import { isCalm } from "./board/useView";
import { useCanvas } from "./context";
import { findNodes } from "./flow/search";
import { useStore } from "./store";
import { walk } from "./menus";

const MOST = 30;

export function Finder() {
  const { stores } = useCanvas();
  return useStore(stores.finder, (open) => open) ? <Search /> : null;
}

function Search() {
  const { stores, say, actions } = useCanvas();
  const [query, setQuery] = useState("");
  const flow = useStore(stores.flow, (value) => value);
  const wanted = useDeferredValue(query);
  const found = findNodes(flow, wanted).slice(0, MOST);
  const show = useShow();
  const close = () => {
    stores.finder.set(false);
    actions.focus();
  };
  return (
    <div className="fl-finder" role="search" data-testid="finder" onKeyDown={(event) => walk(event, close)}>
      <div className="fl-finder-line">
        <Icon name="search" />
        <input
          autoFocus
          value={query}
          placeholder={say("find_in_flow")}
          aria-label={say("find_in_flow")}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            const [first] = event.key === "Enter" ? findNodes(flow, query) : [];
            if (first) show(first.id);
          }}
        />
        <button type="button" className="fl-button" aria-label={say("close")} title={say("close")} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      {wanted.trim() && (
        <div className="fl-finder-list" aria-live="polite">
          {found.map(({ id, name, excerpt }) => (
            <button key={id} type="button" className="fl-item" onClick={() => show(id)}>
              <span className="fl-item-name">{name}</span>
              <small>{excerpt}</small>
            </button>
          ))}
          {!found.length && <p>{say("nothing_found", { query: wanted.trim() })}</p>}
        </div>
      )}
    </div>
  );
}

function useShow() {
  const { actions, flow } = useCanvas();
  const { setCenter, getZoom, getInternalNode } = useReactFlow();
  return (id: string) => {
    const shown = actions.reveal(id);
    const node = getInternalNode(shown);
    if (!node || !flow().nodes[id]) return;
    const { x, y } = node.internals.positionAbsolute;
    void setCenter(x + (node.measured.width ?? 0) / 2, y + (node.measured.height ?? 0) / 2, {
      zoom: Math.max(getZoom(), 0.8),
      duration: isCalm() ? 0 : 320,
    });
  };
}
