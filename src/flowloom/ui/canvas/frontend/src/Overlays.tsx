/** What lies over the board: the first lesson, and short messages. */
import { Icon } from "./board/Icon";
import { useCanvas } from "./context";
import { useStore } from "./store";

export function EmptyState({ narrow }: { narrow: boolean }) {
  const { stores, say, readOnly } = useCanvas();
  const empty = useStore(stores.flow, (flow) => Object.keys(flow.nodes).length === 0);
  const ready = useStore(stores.connection, (connection) => connection.ready);
  if (ready && (!empty || readOnly)) return null;
  if (!ready) {
    return (
      <div className="fl-empty" role="status">
        <p className="fl-empty-loading">{say("loading")}</p>
      </div>
    );
  }
  return (
    <div className="fl-empty" data-testid="empty">
      <span className="fl-empty-art" aria-hidden="true">
        <Icon name="chat_bubble" />
        <i />
        <Icon name="auto_awesome" />
        <i />
        <Icon name="forum" />
      </span>
      <h2>{say("empty_title")}</h2>
      <p>{say(narrow ? "empty_tap" : "empty_drag")}</p>
      <p>{say("empty_connect")}</p>
    </div>
  );
}

export function Toasts() {
  const { stores } = useCanvas();
  const toasts = useStore(stores.toasts, (value) => value);
  return (
    <div className="fl-toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <p key={toast.id} className={`fl-toast fl-toast-${toast.tone}`} data-testid="toast">
          {toast.tone === "warning" && <Icon name="info" />}
          <span>{toast.text}</span>
        </p>
      ))}
    </div>
  );
}
