/** A line between two ports, with a button to take it away. */
import { BaseEdge, EdgeLabelRenderer, getBezierPath, type EdgeProps } from "@xyflow/react";
import { memo, useRef, useState } from "react";
import { useCanvas } from "../context";
import { edgeId, type LineEdge } from "./nodes";
import { Icon } from "./Icon";
import { useStore } from "../store";

export const Line = memo(function Line(props: EdgeProps<LineEdge>) {
  const { id, data, selected, source } = props;
  const { say, actions, stores, readOnly } = useCanvas();
  const [path, x, y] = getBezierPath({ ...props, curvature: 0.32 });
  const run = useStore(stores.run, (status) => {
    const mark = data && status.edges[edgeId(data.edge)];
    if (mark === "dead") return "dead";
    if (status.nodes[source]?.status === "running") return "flowing";
    return mark === "live" ? "live" : "idle";
  });
  const { hovered, enter, leave } = useLinger();
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
    </g>
  );
});

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
