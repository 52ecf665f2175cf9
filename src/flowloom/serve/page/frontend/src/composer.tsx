/** Where a message is written: a box that grows, files beside it, and one button to send or stop. */

import { useEffect, useRef, useState } from "preact/hooks";
import { facts, t } from "./facts";
import { sizeOf } from "./formatting";
import { Icon } from "./icons";
import { session, type State } from "./session";
import { mayListen, Microphone, type Listening } from "./voice";

const TOUCH = matchMedia("(pointer: coarse)");

export function Composer({ state }: { state: State }) {
  const [text, set] = useState("");
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [listening, listen] = useState<Listening>("");
  const busy = state.live !== null;
  const reading = state.adding.some((file) => !file.id && !file.problem);
  const mayBeSent = !busy && !reading && (text.trim() !== "" || state.adding.some((file) => file.id));

  useEffect(() => grow(area.current), [text]);
  useEffect(() => {
    if (!TOUCH.matches && !facts.framed) area.current?.focus();
  }, [state.chat === null]);

  const send = async () => {
    if (!mayBeSent) return;
    const said = text;
    set("");
    area.current?.focus();
    // What could not be sent is still there to be sent again.
    if (!(await session.send(said))) set((now) => now || said);
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {state.adding.length > 0 && (
        <ul class="adding" aria-label={t("files")}>
          {state.adding.map((file) => (
            <li key={file.key} class={file.problem ? "wrong" : undefined}>
              <Icon name="file" />
              <span class="name">{file.name}</span>
              <span class="size">{file.problem ?? (file.id ? sizeOf(file.size) : t("adding"))}</span>
              <button
                type="button"
                class="quiet"
                aria-label={t("remove_file", { name: file.name })}
                onClick={() => session.remove(file.key)}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="box">
        <button
          type="button"
          class="round"
          aria-label={t("add_files")}
          title={t("add_files")}
          disabled={busy}
          onClick={() => picker.current?.click()}
        >
          <Icon name="clip" />
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            void session.add([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
          }}
        />
        <textarea
          ref={area}
          id="message"
          rows={1}
          hidden={listening !== ""}
          value={text}
          maxLength={facts.limits.message}
          placeholder={t("message_to", { name: facts.name })}
          aria-label={t("your_message")}
          enterkeyhint={TOUCH.matches ? "enter" : "send"}
          onInput={(event) => set(event.currentTarget.value)}
          onPaste={(event) => {
            const files = [...(event.clipboardData?.files ?? [])];
            if (files.length) {
              event.preventDefault();
              void session.add(files);
            }
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing || TOUCH.matches) return;
            event.preventDefault();
            void send();
          }}
        />
        {mayListen && !busy && (listening !== "" || !text.trim()) && (
          <Microphone
            state={listening}
            onState={listen}
            onWords={(words) => {
              set((now) => [now, words].filter(Boolean).join(" "));
              // Once the box is there again.
              setTimeout(() => area.current?.focus());
            }}
          />
        )}
        {busy ? (
          <button type="button" class="round main" aria-label={t("stop")} title={t("stop")} onClick={() => void session.stop()}>
            <Icon name="stop" />
          </button>
        ) : (
          <button type="submit" class="round main" aria-label={t("send")} title={t("send")} aria-disabled={!mayBeSent}>
            <Icon name="send" />
          </button>
        )}
      </div>
    </form>
  );
}

function grow(area: HTMLTextAreaElement | null): void {
  if (!area) return;
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight, innerHeight * 0.4)}px`;
}
