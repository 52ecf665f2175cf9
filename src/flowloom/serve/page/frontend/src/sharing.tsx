/** Whether whoever made the GPT may read this conversation: the visitor says so here, and takes it back. */

import { useEffect, useRef } from "preact/hooks";
import { Dialog } from "./dialog";
import { facts, t } from "./facts";
import { Icon } from "./icons";
import { session, type State } from "./session";
import type { Chat } from "./types";

/** The conversation that is open, once something was said in it. */
export function openOf(state: State): Chat | undefined {
  return state.chats.find((chat) => chat.id === state.chat);
}

/** The menu of the open conversation; while it is shared, whoever writes in it sees so all the time. */
export function ChatMenu({ chat, onOpen }: { chat: Chat; onOpen: () => void }) {
  return (
    <button
      type="button"
      class={chat.shared ? "plain shared" : "round"}
      aria-label={chat.shared ? t("shared_options") : t("chat_options")}
      title={chat.shared ? t("shared_options") : t("chat_options")}
      aria-haspopup="dialog"
      onClick={onOpen}
    >
      <Icon name={chat.shared ? "eye" : "more"} />
      {chat.shared && t("shared")}
    </button>
  );
}

export function ChatOptions({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  const before = useRef(chat.shared);
  useEffect(() => {
    // The button changed under the fingers: the keyboard stays where it is.
    if (before.current !== chat.shared) button.current?.focus();
    before.current = chat.shared;
  }, [chat.shared]);
  return (
    <Dialog title={t("chat_options")} onClose={onClose}>
      {chat.shared && (
        <p class="is-shared">
          <Icon name="eye" />
          {t("shared")}
        </p>
      )}
      <p id="sharing">{chat.shared ? t("shared_now", { name: facts.name }) : t("share_means", { name: facts.name })}</p>
      <div class="choices">
        <button
          type="button"
          class={chat.shared ? "plain" : "main"}
          ref={button}
          key={chat.shared ? "stop" : "share"}
          aria-describedby="sharing"
          onClick={() => void session.share(chat.id, !chat.shared)}
        >
          {chat.shared ? t("stop_sharing") : t("share")}
        </button>
      </div>
    </Dialog>
  );
}
