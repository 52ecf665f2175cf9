/** A list to choose from, at a point over the board: arrow keys go through it, Escape and a click elsewhere close it. */
import { useEffect, useRef, type ReactNode } from "react";
import { walk } from "./menus";
import type { Point } from "./model";

const EDGE = 8;
/** The bar of the page lies over everything. */
const BAR = 64;

interface PopupProps {
  at: Point;
  room: { width: number; height: number };
  name: string;
  className?: string;
  title?: string;
  close: () => void;
  children: ReactNode;
}

export function Popup({ at, room, name, className, title, close, children }: PopupProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.querySelector<HTMLElement>("input, button")?.focus(), [at]);
  return (
    <>
      <div className="fl-scrim fl-scrim-clear" onPointerDown={close} onContextMenu={(event) => event.preventDefault()} />
      <div ref={list} className={className ? `fl-chooser ${className}` : "fl-chooser"} role="menu" aria-label={title} style={inWindow(at, room)} data-testid={name} onKeyDown={(event) => walk(event, close)}>
        {title && <h3>{title}</h3>}
        {children}
      </div>
    </>
  );
}

interface ItemProps {
  label: string;
  icon: ReactNode;
  keys?: string;
  group?: string;
  name?: string;
  use: () => void;
}

export function PopupItem({ label, icon, keys, group, name, use }: ItemProps) {
  return (
    <button type="button" role="menuitem" className="fl-item" data-group={group} data-testid={name} onClick={use}>
      {icon}
      <span className="fl-item-name">{label}</span>
      {keys && <kbd>{keys}</kbd>}
    </button>
  );
}

/** At a point, but whole and in sight. */
function inWindow({ x, y }: Point, room: { width: number; height: number }) {
  return {
    left: Math.max(EDGE, Math.min(x, window.innerWidth - room.width)),
    top: Math.max(BAR, Math.min(y, window.innerHeight - room.height)),
  };
}
