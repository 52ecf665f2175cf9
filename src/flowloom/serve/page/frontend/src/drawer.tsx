/** The visitor's conversations and what they may do with them: beside the chat, or over it on a phone. */

import { useState } from "preact/hooks";
import * as api from "./api";
import { Dialog } from "./dialog";
import { facts, t } from "./facts";
import { dayOf } from "./formatting";
import { Icon } from "./icons";
import { session, type State } from "./session";

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
          <li key={chat.id}>
            <button
              type="button"
              class="talk"
              aria-current={chat.id === state.chat ? "true" : undefined}
              onClick={() => {
                void session.open(chat.id);
                onChosen();
              }}
            >
              <span class="title">{chat.title || t("untitled")}</span>
              <span class="when">{dayOf(chat.started)}</span>
            </button>
            <button
              type="button"
              class="quiet"
              aria-label={t("delete_chat", { title: chat.title || t("untitled") })}
              title={t("delete")}
              onClick={() => void session.delete(chat.id)}
            >
              <Icon name="trash" />
            </button>
          </li>
        ))}
      </ul>
    </nav>
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
