/** The page: the conversation in the middle, the visitor's conversations beside it. */

import { useEffect, useRef, useState } from "preact/hooks";
import { buyAddress } from "./api";
import { Composer } from "./composer";
import { Dialog } from "./dialog";
import { Conversations, Footer, Privacy } from "./drawer";
import { Face } from "./face";
import { facts, t } from "./facts";
import { closeFrame } from "./frame";
import { Icon } from "./icons";
import { QuestionCard } from "./question";
import { session, useSession, type State } from "./session";
import { ChatMenu, ChatOptions, openOf } from "./sharing";
import { Answered, Asked, Coming } from "./turn";
import type { Chat } from "./types";

type Window = "" | "talks" | "privacy" | "options";

export function App() {
  const state = useSession();
  const [open, set] = useState<Window>("");
  const close = () => set("");
  const chat = openOf(state);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
      if (session.busy) void session.stop();
      else closeFrame();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return (
    <>
      <a class="skip" href="#message">
        {t("skip")}
      </a>
      <div class={facts.framed ? "page framed" : "page"}>
        {!facts.framed && (
          <aside class="side">
            <Conversations state={state} onChosen={close} />
            <Footer onPrivacy={() => set("privacy")} />
          </aside>
        )}
        <div class="middle">
          <Header chat={chat} onMenu={() => set("talks")} onOptions={() => set("options")} />
          <Talk state={state} />
          <div class="below">
            <Composer state={state} />
            <Notes onPrivacy={() => set("privacy")} />
          </div>
        </div>
      </div>
      {open === "talks" && (
        <Dialog title={t("conversations")} kind="drawer" onClose={close}>
          <Conversations state={state} onChosen={close} />
          <Footer onPrivacy={() => set("privacy")} />
        </Dialog>
      )}
      {open === "privacy" && <Privacy state={state} onClose={close} />}
      {open === "options" && chat && <ChatOptions chat={chat} onClose={close} />}
      <p class="away" role="status" aria-live="polite">
        {state.said}
      </p>
    </>
  );
}

function Header({ chat, onMenu, onOptions }: { chat?: Chat; onMenu: () => void; onOptions: () => void }) {
  return (
    <header class="top">
      <button type="button" class="round menu" aria-label={t("conversations")} title={t("conversations")} onClick={onMenu}>
        <Icon name="menu" />
      </button>
      <Face />
      <h1>{facts.name}</h1>
      {chat && <ChatMenu chat={chat} onOpen={onOptions} />}
      <button
        type="button"
        class="round fresh"
        aria-label={t("new_chat")}
        title={t("new_chat")}
        onClick={() => session.fresh()}
      >
        <Icon name="plus" />
      </button>
      {facts.framed && window.parent !== window && (
        <button type="button" class="round" aria-label={t("close")} title={t("close")} onClick={closeFrame}>
          <Icon name="close" />
        </button>
      )}
    </header>
  );
}

function Talk({ state }: { state: State }) {
  const box = useRef<HTMLElement>(null);
  const atEnd = useRef(true);
  const count = state.turns.length;
  useEffect(() => {
    const place = box.current;
    if (place && atEnd.current) place.scrollTop = place.scrollHeight;
  }, [count, state.live?.text, state.questions, state.live === null]);
  useEffect(() => {
    atEnd.current = true;
  }, [state.chat, count]);
  const last = state.turns.findLast((turn) => turn.role === "user");
  return (
    <main
      class="talk-box"
      ref={box}
      onScroll={(event) => {
        const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
        atEnd.current = scrollHeight - scrollTop - clientHeight < 60;
      }}
    >
      {count === 0 && !state.live && !state.loading && <Welcome />}
      {state.loading && <p class="step center">{t("loading")}</p>}
      <div class="turns" role="log" aria-label={t("conversation")} aria-busy={state.live !== null}>
        {state.turns.map((turn, place) =>
          turn.role === "user" ? (
            <Asked key={`u${turn.number}`} turn={turn} mayEdit={turn === last && !state.live} />
          ) : (
            <Answered key={`a${turn.number}`} turn={turn} isLast={place === count - 1 && !state.live} />
          ),
        )}
        {state.live && !(state.questions.length && !state.live.text) && <Coming {...state.live} cut={state.cut} />}
      </div>
      {state.questions.map((question) => (
        <QuestionCard key={question.id} question={question} />
      ))}
      {state.interrupted && !state.live && (
        <Notice text={t("interrupted")}>
          <button type="button" class="plain" onClick={() => void session.again()}>
            {t("again")}
          </button>
        </Notice>
      )}
      {state.problem && (
        <Notice text={`${state.problem.message} ${state.problem.hint}`} alert>
          {state.problem.code === "visit.pay" && (
            <a class="plain" href={buyAddress} target={facts.framed ? "_blank" : undefined} rel="noopener">
              {t("buy")}
            </a>
          )}
          <button type="button" class="quiet" aria-label={t("close")} onClick={() => session.set({ problem: null })}>
            <Icon name="close" />
          </button>
        </Notice>
      )}
    </main>
  );
}

function Notice(props: { text: string; alert?: boolean; children: preact.ComponentChildren }) {
  return (
    <div class="notice" role={props.alert ? "alert" : undefined}>
      <p>{props.text}</p>
      {props.children}
    </div>
  );
}

function Welcome() {
  return (
    <section class="welcome">
      <Face large />
      <h2>{facts.name}</h2>
      {facts.description && <p>{facts.description}</p>}
      {facts.starters.length > 0 && (
        <ul class="starters" aria-label={t("starters")}>
          {facts.starters.map((starter) => (
            <li key={starter}>
              <button type="button" class="starter" onClick={() => void session.send(starter)}>
                {starter}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Notes({ onPrivacy }: { onPrivacy: () => void }) {
  return (
    <p class="notes">
      {facts.practice && <span>{t("practice")}</span>}{" "}
      <span>
        {t("may_err")}{" "}
        <button type="button" class="link" onClick={onPrivacy}>
          {t("my_data")}
        </button>{" "}
        · {t("made_with")}
      </span>
    </p>
  );
}
