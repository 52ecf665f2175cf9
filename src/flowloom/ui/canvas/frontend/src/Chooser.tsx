/** What may come next: the blocks that fit a line let go of in the open, searched, the most used first. */
import { useMemo, useState } from "react";
import { Icon } from "./board/Icon";
import { useCanvas } from "./context";
import { kindsFor, kindsOn } from "./flow/insert";
import { countUse, mostUsed, readUses } from "./flow/uses";
import type { Kind } from "./model";
import { findKinds, type Group } from "./palette/find";
import { browserStorage } from "./storage";
import { useStore, type Wish } from "./store";
import { Popup, PopupItem } from "./Popup";
import { SearchField } from "./SearchField";

const ROOM = { width: 270, height: 400 };

export function Chooser() {
  const { stores } = useCanvas();
  const wish = useStore(stores.chooser, (value) => value);
  return wish && <Open key={`${wish.screen.x},${wish.screen.y}`} wish={wish} />;
}

function Open({ wish }: { wish: Wish }) {
  const { stores, say, actions } = useCanvas();
  const [query, setQuery] = useState("");
  const groups = useGroups(wish, query);
  const close = () => stores.chooser.set(null);
  const use = (kind: Kind) => {
    close();
    countUse(kind.id, browserStorage());
    if (wish.begun) actions.attach(kind, wish.begun, wish.at);
    else actions.addKind(kind, wish.at, wish.edge);
  };
  const first = groups[0]?.kinds[0];
  return (
    <Popup at={wish.screen} room={ROOM} name="chooser" className="fl-next-list" title={say("choose_next")} close={close}>
      <SearchField query={query} search={setQuery} enter={() => first && use(first)} />
      {groups.map((group) => (
        <section key={group.id} aria-label={group.label}>
          <h4>{group.label}</h4>
          {group.kinds.map((kind) => (
            <Choice key={kind.id} kind={kind} use={() => use(kind)} />
          ))}
        </section>
      ))}
      {!groups.length && <p className="fl-none">{say("no_blocks_found", { query })}</p>}
    </Popup>
  );
}

function Choice({ kind, use }: { kind: Kind; use: () => void }) {
  const tile = (
    <span className="fl-tile">
      <Icon name={kind.icon} />
    </span>
  );
  return <PopupItem label={kind.label} icon={tile} group={kind.group} name={`choose-${kind.id}`} use={use} />;
}

/** While nothing is searched for, the most used stand above all others. */
function useGroups({ begun, edge }: Wish, query: string): Group[] {
  const { catalog, allowed, say, flow } = useCanvas();
  return useMemo(() => {
    const kinds = begun ? kindsFor(begun, catalog, allowed) : edge ? kindsOn(edge, flow(), catalog, allowed) : catalog.kinds;
    const found = findKinds({ ...catalog, kinds }, query);
    const most = query.trim() ? [] : mostUsed(kinds, catalog, readUses(browserStorage()));
    if (!most.length) return found;
    const others = found.map((group) => ({ ...group, kinds: group.kinds.filter((kind) => !most.includes(kind)) }));
    return [{ id: "most", label: say("most_used"), kinds: most }, ...others.filter((group) => group.kinds.length > 0)];
  }, [begun, edge, catalog, allowed, say, flow, query]);
}
