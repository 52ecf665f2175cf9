/** How a node fares in the run under way, and what is wrong with it. */
import type { NodeStatus, Problem } from "../model";
import { useCanvas } from "../context";
import { problemText, sameList, useStore } from "../store";
import { Icon } from "./Icon";
import { useTip } from "./Tip";

const ICONS = {
  waiting: "schedule",
  running: "progress_activity",
  asking: "front_hand",
  done: "check_circle",
  failed: "error",
  skipped: "do_not_disturb_on",
} as const;

export function useNodeStatus(id: string): NodeStatus | undefined {
  const { stores } = useCanvas();
  return useStore(stores.run, (run) => run.nodes[id]);
}

/** In the place of what kind of block it is, so that no card grows while it works. */
export function StatusLine({ status, kind }: { status: NodeStatus; kind: string }) {
  const { say, language } = useCanvas();
  const word = status.note || say(`status_${status.status}`);
  const seconds = status.seconds === undefined ? "" : say("seconds", { seconds: readable(status.seconds, language) });
  return (
    <div className={`fl-status fl-status-${status.status}`}>
      <Icon name={ICONS[status.status]} />
      {status.status === "done" ? (
        <span className="fl-status-word">
          {kind}
          <span className="fl-unseen"> {word}</span>
        </span>
      ) : (
        <span className="fl-status-word">{word}</span>
      )}
      {status.tokens !== undefined && !seconds && (
        <span className="fl-seconds">{say("tokens", { count: new Intl.NumberFormat(language).format(status.tokens) })}</span>
      )}
      {seconds && <span className="fl-seconds">{seconds}</span>}
      {status.items && status.status !== "done" && <Progress items={status.items} />}
    </div>
  );
}

function Progress({ items: [done, of] }: { items: [number, number] }) {
  const { say } = useCanvas();
  return (
    <div className="fl-progress" role="progressbar" aria-label={say("items_done")} aria-valuemin={0} aria-valuemax={of} aria-valuenow={done}>
      <i style={{ width: `${of ? (100 * done) / of : 0}%` }} />
    </div>
  );
}

function readable(seconds: number, language: string): string {
  const digits = seconds < 10 ? 1 : 0;
  return new Intl.NumberFormat(language, { maximumFractionDigits: seconds < 0.1 ? 2 : digits }).format(seconds);
}

export function ProblemBadge({ id, failure }: { id: string; failure?: Problem | undefined }) {
  const { stores, say } = useCanvas();
  const found = useStore(stores.flow, (flow) => flow.problems.filter((problem) => problem.node === id), sameList);
  const problems = failure ? [failure, ...found] : found;
  const text = problems.map(problemText).join("\n");
  const tip = useTip(text);
  if (!problems.length) return null;
  const isWarning = problems.every((problem) => problem.severity === "warning");
  return (
    <button
      type="button"
      className={`fl-problem nodrag${isWarning ? " fl-problem-mild" : ""}`}
      aria-label={problems.length > 1 ? `${say("problem_count", { count: problems.length })}: ${text}` : text}
      {...tip}
    >
      <Icon name="priority_high" />
    </button>
  );
}
