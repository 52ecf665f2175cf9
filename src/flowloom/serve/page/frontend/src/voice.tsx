/** The microphone beside the message box: speak, stop, and read what was understood before it is sent. */

import { useEffect, useRef, useState } from "preact/hooks";
import { facts, t } from "./facts";
import { Icon } from "./icons";
import { session } from "./session";

const LONGEST = 5 * 60;
/** A page without https has no microphone. */
export const mayListen = facts.voice !== "" && "MediaRecorder" in window && !!navigator.mediaDevices;

export type Listening = "" | "recording" | "reading";

export function Microphone(props: { state: Listening; onState: (state: Listening) => void; onWords: (text: string) => void }) {
  const recorder = useRef<MediaRecorder | null>(null);
  const [seconds, count] = useState(0);
  const { state, onState, onWords } = props;

  useEffect(() => {
    if (state !== "recording") return;
    const timer = setInterval(() => count((now) => now + 1), 1_000);
    return () => clearInterval(timer);
  }, [state]);
  useEffect(() => {
    if (seconds >= LONGEST) recorder.current?.stop();
  }, [seconds]);
  useEffect(() => () => letGo(recorder.current), []);

  const begin = async () => {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const begun = new MediaRecorder(stream);
      const pieces: Blob[] = [];
      begun.ondataavailable = (event) => pieces.push(event.data);
      begun.onstop = async () => {
        letGo(begun);
        onState("reading");
        onWords(await session.hear(new Blob(pieces, { type: begun.mimeType })));
        onState("");
      };
      recorder.current = begun;
      count(0);
      begun.start();
      onState("recording");
    } catch {
      session.set({ problem: { message: t("no_microphone"), hint: t("no_microphone_hint") } });
    }
  };

  if (state === "reading") return <span class="listening">{t("understanding")}</span>;
  const recording = state === "recording";
  return (
    <>
      {recording && (
        <span class="listening" role="status">
          <i aria-hidden="true" />
          <span>{t("recording")}</span>
          <span aria-hidden="true">{`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`}</span>
        </span>
      )}
      <button
        type="button"
        class={recording ? "round main" : "round"}
        aria-label={recording ? t("stop_recording") : t("speak")}
        title={recording ? t("stop_recording") : t("speak")}
        onClick={() => (recording ? recorder.current?.stop() : void begin())}
      >
        <Icon name={recording ? "check" : "mic"} />
      </button>
    </>
  );
}

function letGo(recorder: MediaRecorder | null): void {
  for (const track of recorder?.stream.getTracks() ?? []) track.stop();
}
