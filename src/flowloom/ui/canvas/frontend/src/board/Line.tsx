/** A line between two ports, with a button to take it away. */
import { BaseEdge, EdgeLabelRenderer, getBezierPath, type EdgeProps, useStore as useFlowStore } from "@xyflow/react";
import { memo, useEffect, useRef, useState } from "react";
import { useCanvas } from "../context";
import { middleOf, roundedPath } from "../flow/routes";
import { edgeId, type LineEdge } from "./nodes";
import { Icon } from "./Icon";
import { useStore } from "../store";

export const Line = memo(function Line(props: EdgeProps<LineEdge>) {
  const { id, data, selected, source } = props;
  const { say, actions, stores, readOnly } = useCanvas();
  const [path, x, y] = usePath(props);
  const run = useStore(stores.run, (status) => {
    const mark = data && status.edges[edgeId(data.edge)];
    if (mark === "dead") return "dead";
    if (status.nodes[source]?.status === "running") return "flowing";
    return mark === "live" ? "live" : "idle";
  });
  const { hovered, enter, leave } = useLinger();
  const value = useValue(run === "live" && hovered ? data?.edge.from : undefined);
  return (
    <g
      className={`fl-line${selected ? " fl-line-selected" : ""}${hovered ? " fl-line-hovered" : ""}`}
      data-type={data?.type}
      data-run={run}
      data-edge={id}
      onPointerEnter={enter}
      onPointerLeave={leave}
    >
      <BaseEdge path={path} interactionWidth={22} />
      {run === "flowing" && <path className="fl-flow" d={path} />}
      {!readOnly && (selected || hovered) && data && (
        <EdgeLabelRenderer>
          <button
            type="button"
            className={`fl-cut nodrag nopan${hovered ? " fl-cut-hovered" : ""}`}
            aria-label={say("remove_line")}
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
            onPointerEnter={enter}
            onPointerLeave={leave}
            onClick={() => actions.disconnect(data.edge)}
          >
            <Icon name="close" />
          </button>
        </EdgeLabelRenderer>
      )}
      {value !== null && (
        <EdgeLabelRenderer>
          <Value text={value || say("empty_value")} x={x} y={y} />
        </EdgeLabelRenderer>
      )}
    </g>
  );
});

/** Its way round the cards while that leads from end to end, else the plain curve: a card in the hand pulls it along. */
function usePath(props: EdgeProps<LineEdge>): [path: string, x: number, y: number] {
  const { stores } = useCanvas();
  const route = useStore(stores.routes, (routes) => routes.get(props.id));
  const [from, to] = [route?.[0], route?.at(-1)];
  const fits = from && to && near(from.x, props.sourceX) && near(from.y, props.sourceY) && near(to.x, props.targetX) && near(to.y, props.targetY);
  if (!route || !fits) {
    const [path, x, y] = getBezierPath({ ...props, curvature: 0.32 });
    return [path, x, y];
  }
  const middle = middleOf(route);
  return [roundedPath(route), middle.x, middle.y];
}

const near = (a: number, b: number) => Math.abs(a - b) < 1;

/** As large at every zoom. */
function Value({ text, x, y }: { text: string; x: number; y: number }) {
  const zoom = useFlowStore((state) => state.transform[2]);
  return (
    <div className="fl-value" data-testid="line-value" style={{ transform: `translate(${x}px, ${y}px) scale(${1 / zoom}) translate(-50%, 16px)` }}>
      {text}
    </div>
  );
}

const PAUSE = 120;

/** What went over a line in the run that is shown, once the pointer has rested on it. */
function useValue(from: string | undefined): string | null {
  const { stores, valueOf } = useCanvas();
  const run = useStore(stores.run, (status) => status.run_id);
  const [value, setValue] = useState<string | null>(null);
  useEffect(() => {
    setValue(null);
    if (!from || !run) return;
    let wanted = true;
    const timer = setTimeout(() => {
      void valueOf(run, from).then((found) => wanted && setValue(found), () => undefined);
    }, PAUSE);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [from, run, valueOf]);
  return value;
}

/** Hover that outlasts the step from the line to its button. */
function useLinger() {
  const [hovered, setHovered] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const enter = () => {
    clearTimeout(timer.current);
    setHovered(true);
  };
  const leave = () => {
    timer.current = setTimeout(() => setHovered(false), 180);
  };
  return { hovered, enter, leave };
}
