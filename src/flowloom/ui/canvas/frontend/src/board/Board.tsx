/** The board: nodes and lines, and every gesture on them. */
import {
  applyEdgeChanges,
  applyNodeChanges,
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  type EdgeChange,
  type NodeChange,
} from "@xyflow/react";
import { useCallback, useLayoutEffect, useMemo, useState, type RefObject } from "react";
import { useCanvas } from "../context";
import type { CanvasData } from "../model";
import { useStore } from "../store";
import type { Say } from "../texts";
import { Block } from "./Block";
import { Line } from "./Line";
import { type BlockNode, type LineEdge, nextEdges, nextNodes } from "./nodes";
import { Note } from "./Note";
import type { AllActions } from "./useActions";
import { useConnecting } from "./useConnecting";
import { useKeys } from "./useKeys";
import { useReportedSelection } from "./useReportedSelection";
import { useFarView, useFirstView, useFocus } from "./useView";

const NODE_TYPES = { block: Block, note: Note };
const EDGE_TYPES = { line: Line };
const GRID: [number, number] = [10, 10];
const WITH_KEYS = ["Shift", "Meta", "Control"];

interface Props {
  root: RefObject<HTMLElement | null>;
  actions: AllActions;
  focus: CanvasData["focus"];
  showMap: boolean;
  onSelect: (ids: string[]) => void;
}

export function Board({ root, actions, focus, showMap, onSelect }: Props) {
  const world = useCanvas();
  const { stores, readOnly, say } = world;
  const flow = useStore(stores.flow, (value) => value);
  const [nodes, setNodes] = useState<BlockNode[]>([]);
  const [edges, setEdges] = useState<LineEdge[]>([]);
  const spoken = useMemo(() => spokenBy(say), [say]);
  const { handlers, cancelClick } = useConnecting(world, root, actions.push);

  useLayoutEffect(() => {
    const selection = stores.takeSelection();
    setNodes((before) => nextNodes(before, flow, selection));
    setEdges((before) => nextEdges(before, flow, say));
  }, [flow, stores, say]);

  const onNodesChange = useCallback((changes: NodeChange<BlockNode>[]) => setNodes((now) => applyNodeChanges(changes, now)), []);
  const onEdgesChange = useCallback((changes: EdgeChange<LineEdge>[]) => setEdges((now) => applyEdgeChanges(changes, now)), []);
  const onMoved = useCallback((_: unknown, __: unknown, moved: BlockNode[]) => actions.move(moved), [actions]);
  const onSelectionMoved = useCallback((_: unknown, moved: BlockNode[]) => actions.move(moved), [actions]);

  const select = useCallback((chosen: (node: BlockNode) => boolean) => {
    setNodes((now) => now.map((node) => (Boolean(node.selected) === chosen(node) ? node : { ...node, selected: chosen(node) })));
    setEdges((now) => now.map((edge) => (edge.selected ? { ...edge, selected: false } : edge)));
  }, []);
  useKeys(root, actions, select, cancelClick);
  useFocus(focus, nodes, select);
  useFirstView(nodes);
  useFarView(root);
  useReportedSelection(nodes, onSelect);

  return (
    <ReactFlow<BlockNode, LineEdge>
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      onNodesChange={onNodesChange}
      onEdgesChange={onEdgesChange}
      onNodeDragStop={onMoved}
      onSelectionDragStop={onSelectionMoved}
      onPaneClick={cancelClick}
      {...handlers}
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
      panOnScroll={false}
      proOptions={{ hideAttribution: true }}
      ariaLabelConfig={spoken}
      aria-label={say("canvas")}
    >
      <Background variant={BackgroundVariant.Dots} gap={20} size={1.4} />
      {showMap && (
        <MiniMap pannable zoomable ariaLabel={say("map")} nodeBorderRadius={10} nodeClassName={(node) => `fl-map-${groupOf(node)}`} />
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
