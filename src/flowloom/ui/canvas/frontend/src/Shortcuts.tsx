/** The sheet of keyboard shortcuts. */
import { Icon } from "./board/Icon";
import { useCanvas } from "./context";
import { useStore } from "./store";
import type { TextKey } from "./texts";

const KEYS: [string, TextKey][] = [
  ["Ctrl Z", "undo"],
  ["Ctrl Shift Z", "redo"],
  ["Ctrl C", "copy"],
  ["Ctrl X", "cut"],
  ["Ctrl V", "paste"],
  ["Ctrl D", "duplicate"],
  ["Ctrl A", "select_all"],
  ["Ctrl G", "group"],
  ["Ctrl Shift G", "combine"],
  ["Ctrl F", "find"],
  ["F2", "rename"],
  ["Del", "remove_selected"],
  ["← ↑ → ↓", "nudge"],
  ["Shift ← ↑ → ↓", "nudge_far"],
  ["Shift + ◱", "marquee"],
  ["Tab", "next_block"],
  ["Enter", "pick_block"],
  ["Esc", "let_go"],
  ["?", "shortcuts"],
];
const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

export function Shortcuts() {
  const { stores, say, actions } = useCanvas();
  const open = useStore(stores.sheet, (value) => value);
  if (!open) return null;
  const close = () => {
    stores.sheet.set(false);
    actions.focus();
  };
  return (
    <>
      <div className="fl-scrim" onPointerDown={close} />
      <div className="fl-sheet" role="dialog" aria-label={say("shortcuts")} data-testid="shortcuts" onKeyDown={(event) => event.key === "Escape" && close()}>
        <header>
          <h3>{say("shortcuts")}</h3>
          <button type="button" autoFocus className="fl-button" aria-label={say("close")} title={say("close")} onClick={close}>
            <Icon name="close" />
          </button>
        </header>
        <dl>
          {KEYS.map(([keys, name]) => (
            <div key={name}>
              <dt>{say(name)}</dt>
              <dd>
                <kbd>{isMac ? keys.replace("Ctrl", "⌘") : keys}</kbd>
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </>
  );
}
