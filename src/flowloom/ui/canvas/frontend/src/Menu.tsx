/** What one may do here: the menu of a right click, a long press or the menu key. */
import { Icon } from "./board/Icon";
import { useCanvas, type Actions } from "./context";
import { useStore, type MenuWish } from "./store";
import type { TextKey } from "./texts";
import { Popup, PopupItem } from "./Popup";

const ROOM = { width: 290, height: 340 };

interface Item {
  name: TextKey;
  icon: string;
  keys?: string;
  use: () => void;
}

export function Menu() {
  const { stores, actions, say } = useCanvas();
  const wish = useStore(stores.menu, (value) => value);
  if (!wish) return null;
  const close = () => stores.menu.set(null);
  return (
    <Popup at={wish.screen} room={ROOM} name="menu" className="fl-menu" close={close}>
      {itemsOf(wish, actions, (at) => stores.chooser.set(at)).map(({ name, icon, keys, use }) => (
        <PopupItem
          key={name}
          name={`menu-${name}`}
          label={say(name)}
          icon={<Icon name={icon} />}
          keys={keys}
          use={() => {
            close();
            use();
          }}
        />
      ))}
    </Popup>
  );
}

export function itemsOf(wish: MenuWish, actions: Actions, choose: (at: { screen: MenuWish["screen"]; at: MenuWish["at"]; edge?: MenuWish["edge"] }) => void): Item[] {
  const { edge, group, screen, at } = wish;
  const add: Item = { name: edge ? "insert_block" : "add_a_block", icon: "add_circle", use: () => choose({ screen, at, edge }) };
  if (edge) return [add, { name: "remove_line", icon: "close", keys: "Del", use: () => actions.disconnect(edge) }];
  if (wish.nodes > 0) {
    return [
      ...(wish.nodes === 1 ? [{ name: "rename", icon: "edit", keys: "F2", use: actions.renameSelected } as Item] : []),
      ...(group ? [{ name: "fold_or_unfold", icon: "unfold_less", use: () => actions.fold(group) } as Item] : []),
      { name: "copy", icon: "content_copy", keys: "Ctrl C", use: actions.copyByMenu },
      { name: "duplicate", icon: "control_point_duplicate", keys: "Ctrl D", use: actions.duplicate },
      { name: "group", icon: "select_all", keys: "Ctrl G", use: actions.group },
      { name: "combine", icon: "package_2", keys: "Ctrl Shift G", use: actions.combine },
      ...(wish.unpacks ? [{ name: "unpack", icon: "unarchive", use: actions.unpack } as Item] : []),
      ...(wish.grouped ? [{ name: "ungroup", icon: "output", use: actions.ungroup } as Item] : []),
      { name: "remove_selected", icon: "delete", keys: "Del", use: actions.removeSelected },
    ];
  }
  return [
    add,
    { name: "paste", icon: "content_paste", keys: "Ctrl V", use: () => actions.pasteByMenu(at) },
    { name: "select_all", icon: "select_all", keys: "Ctrl A", use: actions.selectAll },
    { name: "tidy", icon: "account_tree", use: actions.tidy },
    { name: "find", icon: "search", keys: "Ctrl F", use: actions.find },
  ];
}
