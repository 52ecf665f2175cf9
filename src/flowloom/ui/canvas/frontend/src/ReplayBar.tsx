/** Going through a past run: a slider over its steps, and what happened at each. */
import { useEffect, useState } from "react";
import { Icon } from "./board/Icon";
import { useCanvas } from "./context";
import { nameOf } from "./flow/ports";
import type { ReplayStep } from "./model";
import { type Replay, useStore } from "./store";

const PACE = 700;

export function ReplayBar() {
  const { stores } = useCanvas();
  const replay = useStore(stores.replay, (value) => value);
  return replay && <Bar replay={replay} />;
}

function Bar({ replay: { steps, step } }: { replay: Replay }) {
  const { stores, say, language, flow, actions } = useCanvas();
  const [playing, setPlaying] = useState(false);
  const last = steps.length - 1;
  const go = (to: number) => stores.showStep(steps, to);
  useEffect(() => {
    if (!playing) return;
    if (step >= last) return setPlaying(false);
    const timer = setTimeout(() => stores.showStep(steps, step + 1), PACE);
    return () => clearTimeout(timer);
  }, [playing, step, last, steps, stores]);
  const now = steps[step]!;
  const at = new Intl.NumberFormat(language, { maximumFractionDigits: 2, minimumFractionDigits: 2 }).format(now.at);
  const words = wordsOf(now, flow(), say);
  const play = () => {
    if (!playing && step >= last) go(0);
    setPlaying(!playing);
  };
  return (
    <div className="fl-replay" role="group" aria-label={say("replay")} data-testid="replay" onKeyDown={(event) => event.stopPropagation()}>
      <Button name={playing ? "pause" : "play"} icon={playing ? "pause" : "play_arrow"} onUse={play} />
      <input
        type="range"
        min={0}
        max={last}
        value={step}
        aria-label={say("replay_step")}
        aria-valuetext={`${step + 1} / ${steps.length}: ${words}`}
        onChange={(event) => go(Number(event.target.value))}
      />
      <span className="fl-replay-words">
        <b>
          {step + 1} / {steps.length}
        </b>{" "}
        {words} <small>{say("seconds", { seconds: at })}</small>
      </span>
      <Button
        name="close"
        icon="close"
        onUse={() => {
          stores.endReplay();
          actions.focus();
        }}
      />
    </div>
  );
}

function Button({ name, icon, onUse }: { name: "play" | "pause" | "close"; icon: string; onUse: () => void }) {
  const words = useCanvas().say(name);
  return (
    <button type="button" className="fl-button" aria-label={words} title={words} onClick={onUse}>
      <Icon name={icon} />
    </button>
  );
}

type World = ReturnType<typeof useCanvas>;

function wordsOf(step: ReplayStep, flow: ReturnType<World["flow"]>, say: World["say"]): string {
  const status = step.node ? step.nodes?.[step.node]?.status : undefined;
  if (step.node && status) return `${nameOf(flow, step.node)}: ${say(`status_${status}`)}`;
  const states = { idle: "replay_begins", running: "replay_begins", paused: "status_asking", finished: "status_done", failed: "status_failed", cancelled: "replay_stopped" } as const;
  return say(states[step.state]);
}
