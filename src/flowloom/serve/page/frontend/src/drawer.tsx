/** The visitor's conversations and what they may do with them: beside the chat, or over it on a phone. */

import { useState } from "preact/hooks";
import * as api from "./api";
import { Dialog } from "./dialog";
import { facts, t } from "./facts";
import { dayOf } from "./formatting";
import { Icon } from "./icons";
import { session, type State } from "./session";
import type { Chat } from "./types";

export function Conversations({ state, onChosen }: { state: State; onChosen: () => void }) {
  return (
    <nav class="talks" aria-label={t("conversations")}>
      <button
        type="button"
        class="plain new"
        onClick={() => {
          session.fresh();
          onChosen();
        }}
      >
        <Icon name="plus" />
        {t("new_chat")}
      </button>
      {state.chats.length === 0 && <p class="hint">{t("no_chats")}</p>}
      <ul>
        {state.chats.map((chat) => (
          <Talk key={chat.id} chat={chat} isOpen={chat.id === state.chat} onChosen={onChosen} />
        ))}
      </ul>
    </nav>
  );
}

/** What was clicked is gone: the keyboard goes on here. */
function focusOnce(button: HTMLButtonElement | null): void {
  button?.focus();
}

function Talk({ chat, isOpen, onChosen }: { chat: Chat; isOpen: boolean; onChosen: () => void }) {
  const [sure, ask] = useState(false);
  const title = chat.title || t("untitled");
  if (sure) {
    return (
      <li class="asking">
        <button type="button" class="danger" onClick={() => void session.delete(chat.id)}>
          {t("delete")}
        </button>
        <button type="button" class="plain" ref={focusOnce} onClick={() => ask(false)}>
          {t("cancel")}
        </button>
      </li>
    );
  }
  return (
    <li>
      <button
        type="button"
        class="talk"
        aria-current={isOpen ? "true" : undefined}
        onClick={() => {
          void session.open(chat.id);
          onChosen();
        }}
      >
        <span class="title">{title}</span>
        {chat.shared && (
          <span class="when" title={t("shared")}>
            <Icon name="eye" />
            <span class="away">{t("shared")}</span>
          </span>
        )}
        <span class="when">{dayOf(chat.started)}</span>
      </button>
      <button
        type="button"
        class="quiet"
        aria-label={t("delete_chat", { title })}
        title={t("delete")}
        onClick={() => ask(true)}
      >
        <Icon name="trash" />
      </button>
    </li>
  );
}

export function Footer({ onPrivacy }: { onPrivacy: () => void }) {
  return (
    <div class="foot">
      <button type="button" class="plain" onClick={onPrivacy}>
        <Icon name="shield" />
        {t("my_data")}
      </button>
      {facts.mayCopy && (
        <a class="plain" href={api.copyAddress} download>
          <Icon name="duplicate" />
          {t("get_copy")}
        </a>
      )}
    </div>
  );
}

export function Privacy({ state, onClose }: { state: State; onClose: () => void }) {
  const [sure, ask] = useState(false);
  const has = state.chats.length > 0;
  const base = facts.name.replace(/[^\p{L}\p{N}]+/gu, "-") || "chat";
  return (
    <Dialog title={t("my_data")} onClose={onClose}>
      <p>{t("data_yours")}</p>
      <p>{t("data_server")}</p>
      <p>{facts.hosts.length ? t("data_hosts", { hosts: facts.hosts.join(", ") }) : t("data_nowhere")}</p>
      <p>{t("data_browser")}</p>
      <div class="choices">
        <button
          type="button"
          class="plain"
          disabled={!has}
          onClick={() => void session.try(() => api.save("/mine/words", `${base}.md`))}
        >
          <Icon name="save" />
          {t("download_words")}
        </button>
        <button
          type="button"
          class="plain"
          disabled={!has}
          onClick={() => void session.try(() => api.save("/mine/json", `${base}.json`))}
        >
          <Icon name="save" />
          {t("download_json")}
        </button>
      </div>
      {sure ? (
        <div class="sure" role="alert">
          <p>{t("delete_sure")}</p>
          <div class="choices">
            <button
              type="button"
              class="danger"
              onClick={() => {
                ask(false);
                void session.deleteAll();
              }}
            >
              {t("delete_yes")}
            </button>
            <button type="button" class="plain" onClick={() => ask(false)}>
              {t("cancel")}
            </button>
          </div>
        </div>
      ) : (
        <div class="choices">
          <button type="button" class="plain danger" disabled={!api.isKnown()} onClick={() => ask(true)}>
            <Icon name="trash" />
            {t("delete_mine")}
          </button>
        </div>
      )}
    </Dialog>
  );
}
