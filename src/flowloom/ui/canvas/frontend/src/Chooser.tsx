/** What may come next: the blocks that fit a line let go of in the open. */
import { useEffect, useRef } from "react";
import { Icon } from "./board/Icon";
import { useCanvas } from "./context";
import { kindsFor, kindsOn } from "./flow/insert";
import { useStore } from "./store";
import { inWindow, walk } from "./menus";

const ROOM = { width: 250, height: 330 };

export function Chooser() {
  const { stores, catalog, allowed, say, actions, flow } = useCanvas();
  const wish = useStore(stores.chooser, (value) => value);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.querySelector("button")?.focus(), [wish]);
  if (!wish) return null;
  const { begun, edge } = wish;
  const kinds = begun ? kindsFor(begun, catalog, allowed) : edge ? kindsOn(edge, flow(), catalog, allowed) : catalog.kinds;
  const close = () => stores.chooser.set(null);
  return (
    <>
      <div className="fl-scrim fl-scrim-clear" onPointerDown={close} />
      <div ref={list} className="fl-chooser" role="menu" aria-label={say("choose_next")} style={inWindow(wish.screen, ROOM)} data-testid="chooser" onKeyDown={(event) => walk(event, close)}>
        <h3>{say("choose_next")}</h3>
        {kinds.map((kind) => (
          <button
            key={kind.id}
            type="button"
            role="menuitem"
            className="fl-item"
            data-group={kind.group}
            onClick={() => {
              close();
              if (begun) actions.attach(kind, wish.at, begun);
              else actions.addKind(kind, wish.at, edge);
            }}
          >
            <span className="fl-tile">
              <Icon name={kind.icon} />
            </span>
            <span className="fl-item-name">{kind.label}</span>
          </button>
        ))}
      </div>
    </>
  );
}
