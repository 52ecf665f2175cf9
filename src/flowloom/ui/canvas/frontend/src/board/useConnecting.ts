/** Joining ports: what is offered, what is refused and why. */
import { type Connection, type FinalConnectionState, type HandleType, useReactFlow, useStoreApi } from "@xyflow/react";
import { useCallback, useRef, type RefObject } from "react";
import { type CanvasWorld } from "../context";
import { makesLoop, refusal } from "../flow/ports";
import type { LineEdge } from "./nodes";
import type { FlowEdge, Op, Point, Port } from "../model";

interface Start {
  nodeId: string | null;
  handleId: string | null;
  handleType: HandleType | null;
}

type Anything = MouseEvent | TouchEvent;

const edgeOf = (connection: Pick<Connection, "source" | "target"> & { sourceHandle?: string | null; targetHandle?: string | null }): FlowEdge => ({
  from: `${connection.source}.${connection.sourceHandle}`,
  to: `${connection.target}.${connection.targetHandle}`,
});

function between(start: Start, node: string, handle: string): FlowEdge {
  const [a, b] = [`${start.nodeId}.${start.handleId}`, `${node}.${handle}`];
  return start.handleType === "source" ? { from: a, to: b } : { from: b, to: a };
}

export function useConnecting(world: CanvasWorld, root: RefObject<HTMLElement | null>, push: (ops: Op[]) => void) {
  const store = useStoreApi();
  const { screenToFlowPosition } = useReactFlow();
  const start = useRef<Start | null>(null);
  const { catalog, allowed, say, stores } = world;

  const why = useCallback((edge: FlowEdge) => refusal(world.flow(), edge, catalog, allowed), [world, catalog, allowed]);

  const join = useCallback(
    (edge: FlowEdge) => {
      if (world.flow().edges.some((one) => one.from === edge.from && one.to === edge.to)) return;
      const reason = why(edge);
      if (reason) return stores.toast(say(reason.key, reason.values), "warning");
      if (makesLoop(world.flow(), edge)) stores.toast(say("loop_made"));
      push([{ op: "connect", ...edge }]);
    },
    [world, why, say, stores, push],
  );

  const begin = useCallback(
    (_: unknown, from: Start) => {
      start.current = from;
      const type = portOfStart(world, from)?.type ?? "any";
      stores.line.set({ side: from.handleType === "source" ? "output" : "input", type });
      show(root.current, from, type);
    },
    [world, stores, root],
  );

  const offer = useCallback(
    (from: Start, event: Anything) => {
      const screen = pointOf(event);
      const port = portOfStart(world, from);
      if (!port || !screen || !onBoard(screen)) return;
      const side = from.handleType === "source" ? "output" : "input";
      const begun = { end: `${from.nodeId}.${from.handleId}`, side, type: port.type } as const;
      stores.chooser.set({ begun, screen, at: screenToFlowPosition(screen) });
    },
    [world, stores, screenToFlowPosition],
  );

  const end = useCallback(() => {
    start.current = null;
    stores.line.set(null);
    show(root.current, null);
  }, [stores, root]);

  const finish = useCallback(
    (event: Anything, state: FinalConnectionState) => {
      const from = start.current;
      end();
      if (!from || state.isValid) return;
      if (state.toHandle) {
        const edge = tidy(from, state.toHandle.nodeId, state.toHandle.id ?? "", state.toHandle.type, say, stores);
        return edge ? join(edge) : undefined;
      }
      const node = blockUnder(event);
      if (!node) return offer(from, event);
      const edge = node && node !== from.nodeId ? fitting(world, from, node, why) : null;
      if (edge) join(edge);
    },
    [end, join, offer, world, why, say, stores],
  );

  const finishClick = useCallback(
    (event: Anything) => {
      const from = start.current;
      end();
      const handle = (event.target as Element).closest<HTMLElement>("[data-handle]");
      const [node, port] = splitHandle(handle?.dataset.handle);
      if (!from || !handle || (node === from.nodeId && port === from.handleId)) return;
      const side = handle.dataset.side === "output" ? "source" : "target";
      const edge = tidy(from, node, port, side, say, stores);
      if (edge && why(edge)) join(edge);
    },
    [end, why, join, say, stores],
  );

  const cancelClick = useCallback(() => {
    if (!store.getState().connectionClickStartHandle) return;
    store.setState({ connectionClickStartHandle: null });
    end();
  }, [store, end]);

  const reconnect = useCallback(
    (line: LineEdge, connection: Connection) => line.data && world.actions.reconnect(line.data.edge, edgeOf(connection)),
    [world],
  );

  return {
    cancelClick,
    handlers: {
      isValidConnection: useCallback((connection: Connection | { source: string; target: string }) => !why(edgeOf(connection)), [why]),
      onReconnect: reconnect,
      onReconnectEnd: end,
      onConnect: useCallback((connection: Connection) => join(edgeOf(connection)), [join]),
      onConnectStart: begin,
      onConnectEnd: finish,
      onClickConnectStart: begin,
      onClickConnectEnd: finishClick,
    },
  };
}

/** The edge meant, unless both ends are of one side, which is said at once. */
function tidy(from: Start, node: string, port: string, side: HandleType, say: CanvasWorld["say"], stores: CanvasWorld["stores"]): FlowEdge | null {
  if (side !== from.handleType) return between(from, node, port);
  stores.toast(say("refuse_ends"), "warning");
  return null;
}

function splitHandle(handle = ""): [string, string] {
  const dot = handle.indexOf(".");
  return [handle.slice(0, dot), handle.slice(dot + 1)];
}

function pointOf(event: Anything): Point | null {
  const point = "changedTouches" in event ? event.changedTouches[0] : event;
  return point ? { x: point.clientX, y: point.clientY } : null;
}

const under = ({ x, y }: Point) => document.elementFromPoint(x, y);
const onBoard = (point: Point) => Boolean(under(point)?.closest(".react-flow__pane, .react-flow__edges"));

function blockUnder(event: Anything): string | null {
  const point = pointOf(event);
  return (point && under(point)?.closest<HTMLElement>("[data-node]")?.dataset.node) ?? null;
}

function portOfStart(world: CanvasWorld, from: Start): Port | undefined {
  const side = from.handleType === "source" ? "outputs" : "inputs";
  return world.flow().cards[from.nodeId ?? ""]?.[side].find((one) => one.id === from.handleId);
}

/** Let go over a card: take its first port that fits, a needed and empty one before others. */
function fitting(world: CanvasWorld, from: Start, node: string, why: (edge: FlowEdge) => unknown): FlowEdge | null {
  const flow = world.flow();
  const ports = flow.cards[node]?.[from.handleType === "source" ? "inputs" : "outputs"] ?? [];
  const taken = new Set(flow.edges.map((edge) => edge.to));
  const worth = (id: string, required = false) => (required ? 2 : 0) + (taken.has(`${node}.${id}`) ? 0 : 1);
  const ranked = [...ports].sort((a, b) => worth(b.id, b.required) - worth(a.id, a.required));
  const edges = ranked.map((port) => between(from, node, port.id));
  return edges.find((edge) => !why(edge)) ?? edges[0] ?? null;
}

/** Marks on the canvas itself rather than in React: no card is redrawn when a line is begun. */
function show(root: HTMLElement | null, from: Start | null, type = "any") {
  if (!root) return;
  const wanted = from?.handleType === "source" ? "input" : "output";
  root.toggleAttribute("data-connecting", from !== null);
  for (const handle of root.querySelectorAll<HTMLElement>("[data-handle]")) {
    const fits = from && handle.dataset.side === wanted && handle.dataset.accepts?.split(" ").includes(type);
    handle.classList.toggle("fl-fits", Boolean(fits));
    if (from && fits) handle.tabIndex = 0;
  }
}
