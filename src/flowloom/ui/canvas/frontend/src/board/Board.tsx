/** The board: nodes and lines, and every gesture on them. */
import {
  applyEdgeChanges,
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  type EdgeChange,
} from "@xyflow/react";
import { useCallback, useEffect, useLayoutEffect, useMemo, useState, type RefObject } from "react";
import { useCanvas } from "../context";
import type { CanvasData } from "../model";
import { useStore } from "../store";
import type { Say } from "../texts";
import { Block } from "./Block";
import { Group } from "./Group";
import { GuideLines } from "./GuideLines";
import { Line } from "./Line";
import { type BlockNode, type LineEdge, nextEdges, nextNodes } from "./nodes";
import { Note } from "./Note";
import type { AllActions } from "./useActions";
import { useClipboard } from "./useClipboard";
import { useConnecting } from "./useConnecting";
import { useKeys } from "./useKeys";
import { useMenus } from "./useMenus";
import { useNodes } from "./useNodes";
import { useReportedSelection } from "./useReportedSelection";
import { useRoutes } from "./useRoutes";
import { useFarView, useFirstView, useFocus, useSeesAll } from "./useView";

const NODE_TYPES = { block: Block, note: Note, group: Group };
const EDGE_TYPES = { line: Line };
const GRID: [number, number] = [10, 10];
/** From so many on, what is out of sight is not drawn. */
const MANY = 120;
const SMALL_MAP = { width: 96, height: 68 };
const MAP = { width: 130, height: 90 };
const WITH_KEYS = ["Shift", "Meta", "Control"];

interface Props {
  root: RefObject<HTMLElement | null>;
  actions: AllActions;
  focus: CanvasData["focus"];
  narrow: boolean;
  onSelect: (ids: string[]) => void;
}

export function Board({ root, actions, focus, narrow, onSelect }: Props) {
  const world = useCanvas();
  const { stores, readOnly, say } = world;
  const flow = useStore(stores.flow, (value) => value);
  const { nodes, guides, update, onNodesChange, current } = useNodes(stores.flow.get);
  const [edges, setEdges] = useState<LineEdge[]>([]);
  const spoken = useMemo(() => spokenBy(say), [say]);
  const { handlers, cancelClick } = useConnecting(world, root, actions.push);

  useLayoutEffect(() => {
    const selection = stores.takeSelection(flow);
    update((before) => nextNodes(before, flow, selection));
    setEdges((before) => nextEdges(before, flow, say));
  }, [flow, stores, say, update]);

  const onEdgesChange = useCallback((changes: EdgeChange<LineEdge>[]) => setEdges((now) => applyEdgeChanges(changes, now)), []);
  // All that lies elsewhere now: guides and groups move more than what React Flow tells of.
  const onMoved = useCallback(() => actions.move(current()), [actions, current]);

  const select = useCallback((chosen: (node: BlockNode) => boolean) => {
    update((now) => now.map((node) => (Boolean(node.selected) === chosen(node) ? node : { ...node, selected: chosen(node) })));
    setEdges((now) => now.map((edge) => (edge.selected ? { ...edge, selected: false } : edge)));
  }, [update]);
  const pick = useStore(stores.pick, (ids) => ids);
  useEffect(() => {
    if (pick.size) select((node) => pick.has(node.id));
  }, [pick, select]);
  const menus = useMenus(world, select);
  useClipboard(root, actions);
  useKeys(root, actions, select, cancelClick);
  useFocus(focus, nodes, select);
  useFirstView(stores, nodes);
  useFarView(root);
  useReportedSelection(nodes, onSelect);
  useRoutes(root, stores, nodes, edges);
  const seesAll = useSeesAll();

  return (
    <ReactFlow<BlockNode, LineEdge>
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      onNodesChange={onNodesChange}
      onEdgesChange={onEdgesChange}
      onNodeDragStop={onMoved}
      onSelectionDragStop={onMoved}
      onPaneClick={cancelClick}
      {...handlers}
      {...menus}
      nodesDraggable={!readOnly}
      nodesConnectable={!readOnly}
      edgesReconnectable={!readOnly}
      reconnectRadius={14}
      connectionRadius={26}
      connectOnClick={!readOnly}
      nodeDragThreshold={3}
      snapToGrid
      snapGrid={GRID}
      minZoom={0.15}
      maxZoom={2}
      multiSelectionKeyCode={WITH_KEYS}
      deleteKeyCode={null}
      zoomOnDoubleClick={false}
      elevateNodesOnSelect
      onlyRenderVisibleElements={nodes.length > MANY}
      panOnScroll={false}
      proOptions={{ hideAttribution: true }}
      ariaLabelConfig={spoken}
      aria-label={say("canvas")}
    >
      <Background variant={BackgroundVariant.Dots} gap={20} size={1.4} />
      <GuideLines guides={guides} />
      {!seesAll && (
        <MiniMap pannable zoomable style={narrow ? SMALL_MAP : MAP} ariaLabel={say("map")} nodeBorderRadius={10} nodeClassName={(node) => `fl-map-${groupOf(node)}`} />
      )}
    </ReactFlow>
  );
}

/** What a screen reader says of nodes and lines. */
function spokenBy(say: Say) {
  return {
    "node.a11yDescription.default": say("block_help"),
    "node.a11yDescription.keyboardDisabled": say("block_help"),
    "edge.a11yDescription.default": say("line_help"),
    "minimap.ariaLabel": say("map"),
  };
}

const groupOf = (node: { data: unknown }) => (node.data as BlockNode["data"]).card.group;
