/** The blocks one can add, searched, dragged, tapped or chosen by keyboard. */
import { memo, useMemo, useState, type KeyboardEvent, type RefObject } from "react";
import { Icon } from "../board/Icon";
import { edgeId } from "../board/nodes";
import { useTip } from "../board/Tip";
import { useCanvas } from "../context";
import type { Kind, Point } from "../model";
import { SearchField } from "../SearchField";
import { useStore } from "../store";
import { findKinds } from "./find";
import { useCarry } from "./useCarry";

interface Props {
  root: RefObject<HTMLElement | null>;
  narrow: boolean;
}

export function Palette({ root, narrow }: Props) {
  const { catalog, say, actions, stores, flow } = useCanvas();
  const [query, setQuery] = useState("");
  const groups = useMemo(() => findKinds(catalog, query), [catalog, query]);
  const add = (kind: Kind, at?: Point, under?: Element | null) => {
    stores.drawer.set(false);
    const line = under?.closest<SVGElement>("[data-edge]")?.dataset.edge;
    actions.addKind(kind, at, flow().edges.find((edge) => edgeId(edge) === line));
  };
  const { take, wasCarried } = useCarry(root, add);
  const { open, toggle } = usePaletteOpen(narrow);
  const first = groups[0]?.kinds[0];
  if (!open) return null;
  return (
    <>
      {narrow && <div className="fl-scrim" onClick={toggle} />}
      <nav className="fl-palette" aria-label={say("blocks")}>
        <div className="fl-palette-head">
          <SearchField query={query} search={setQuery} enter={() => query && first && add(first)} down={(event) => step(event, 1)} />
          <button type="button" className="fl-button" aria-label={say("hide_blocks")} title={say("hide_blocks")} onClick={toggle}>
            <Icon name={narrow ? "close" : "left_panel_close"} />
          </button>
        </div>
        <div className="fl-palette-list" onKeyDown={walk}>
          {groups.map((group) => (
            <section key={group.id} aria-label={group.label}>
              <h3>{group.label}</h3>
              {group.kinds.map((kind) => (
                <Item key={kind.id} kind={kind} onTake={take} onPick={(one) => !wasCarried() && add(one)} />
              ))}
            </section>
          ))}
          {!groups.length && <p className="fl-none">{say("no_blocks_found", { query })}</p>}
        </div>
      </nav>
    </>
  );
}

/** On a phone a drawer that is closed at first, else a column that one may fold away. */
function usePaletteOpen(narrow: boolean) {
  const { stores } = useCanvas();
  const state = narrow ? stores.drawer : stores.palette;
  const open = useStore(state, (value) => value);
  return { open, toggle: () => state.set(!open) };
}

/** The way to the blocks while they are out of sight. */
export function PaletteOpener({ narrow }: { narrow: boolean }) {
  const { say, readOnly } = useCanvas();
  const { open, toggle } = usePaletteOpen(narrow);
  if (readOnly || (open && !narrow)) return null;
  const words = say(narrow ? "add_a_block" : "show_blocks");
  return (
    <button type="button" className="fl-opener" data-testid="open-palette" aria-label={words} title={words} onClick={toggle}>
      <Icon name={narrow ? "add" : "left_panel_open"} />
      {narrow && <span>{words}</span>}
    </button>
  );
}

interface ItemProps {
  kind: Kind;
  onTake: ReturnType<typeof useCarry>["take"];
  onPick: (kind: Kind) => void;
}

const Item = memo(function Item({ kind, onTake, onPick }: ItemProps) {
  const { say } = useCanvas();
  const tip = useTip(kind.label, { detail: kind.help, beside: true });
  return (
    <button
      type="button"
      className="fl-item"
      data-group={kind.group}
      data-testid={`palette-item-${kind.id}`}
      aria-label={say("add_block", { name: kind.label })}
      aria-description={kind.help}
      onContextMenu={(event) => event.preventDefault()}
      {...tip}
      onPointerDown={(event) => {
        tip.onPointerDown();
        onTake(kind, event);
      }}
      onClick={() => onPick(kind)}
    >
      <span className="fl-tile">
        <Icon name={kind.icon} />
      </span>
      <span className="fl-item-name">{kind.label}</span>
    </button>
  );
});

function walk(event: KeyboardEvent<HTMLElement>) {
  if (event.key === "ArrowDown") step(event, 1);
  if (event.key === "ArrowUp") step(event, -1);
}

function step(event: KeyboardEvent<HTMLElement>, by: number) {
  const items = [...(event.currentTarget.closest("nav")?.querySelectorAll<HTMLElement>(".fl-item") ?? [])];
  const here = items.indexOf(document.activeElement as HTMLElement);
  event.preventDefault();
  items[Math.max(0, here + by)]?.focus();
}
