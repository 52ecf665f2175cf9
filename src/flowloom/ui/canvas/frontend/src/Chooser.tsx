/** What may come next: the blocks that fit a line let go of in the open. */
import { useEffect, useRef, type KeyboardEvent } from "react";
import { Icon } from "./board/Icon";
import { useCanvas } from "./context";
import { kindsFor } from "./flow/insert";
import { useStore } from "./store";

const ROOM = { width: 250, height: 330 };

export function Chooser() {
  const { stores, catalog, allowed, say, actions } = useCanvas();
  const wish = useStore(stores.chooser, (value) => value);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.querySelector("button")?.focus(), [wish]);
  if (!wish) return null;
  const kinds = kindsFor(wish.begun, catalog, allowed);
  const close = () => stores.chooser.set(null);
  const place = {
    left: Math.min(wish.screen.x, window.innerWidth - ROOM.width),
    top: Math.min(wish.screen.y, window.innerHeight - ROOM.height),
  };
  return (
    <>
      <div className="fl-scrim fl-scrim-clear" onPointerDown={close} />
      <div ref={list} className="fl-chooser" role="menu" aria-label={say("choose_next")} style={place} data-testid="chooser" onKeyDown={(event) => walk(event, close)}>
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
              actions.attach(kind, wish.at, wish.begun);
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

function walk(event: KeyboardEvent<HTMLElement>, close: () => void) {
  event.stopPropagation();
  if (event.key === "Escape") return close();
  const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (!by) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("button")];
  items[Math.max(0, items.indexOf(document.activeElement as HTMLElement) + by)]?.focus();
}
