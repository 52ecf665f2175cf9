/** What may come next: the blocks that fit a line let go of in the open. */
import { Icon } from "./board/Icon";
import { useCanvas } from "./context";
import { kindsFor, kindsOn } from "./flow/insert";
import { useStore } from "./store";
import { Popup, PopupItem } from "./Popup";

const ROOM = { width: 250, height: 330 };

export function Chooser() {
  const { stores, catalog, allowed, say, actions, flow } = useCanvas();
  const wish = useStore(stores.chooser, (value) => value);
  if (!wish) return null;
  const { begun, edge } = wish;
  const kinds = begun ? kindsFor(begun, catalog, allowed) : edge ? kindsOn(edge, flow(), catalog, allowed) : catalog.kinds;
  const close = () => stores.chooser.set(null);
  return (
    <Popup at={wish.screen} room={ROOM} name="chooser" title={say("choose_next")} close={close}>
      {kinds.map((kind) => (
        <PopupItem
          key={kind.id}
          label={kind.label}
          icon={
            <span className="fl-tile">
              <Icon name={kind.icon} />
            </span>
          }
          group={kind.group}
          use={() => {
            close();
            if (begun) actions.attach(kind, begun, wish.at);
            else actions.addKind(kind, wish.at, edge);
          }}
        />
      ))}
    </Popup>
  );
}
