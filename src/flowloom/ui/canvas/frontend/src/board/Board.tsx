/** The board: nodes and lines, and every gesture on them. */
import {
  applyEdgeChanges,
  applyNodeChanges,
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  useReactFlow,
  type EdgeChange,
  type NodeChange,
} from "@xyflow/react";
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";
import { useCanvas } from "../context";
import type { CanvasData } from "../model";
import { useStore } from "../store";
import { Block } from "./Block";
import { Line } from "./Line";
import { type BlockNode, type LineEdge, nextEdges, nextNodes } from "./nodes";
import { Note } from "./Note";
import type { AllActions } from "./useActions";
import { useConnecting } from "./useConnecting";
import { useKeys } from "./useKeys";
import { useReportedSelection } from "./useReportedSelection";

const NODE_TYPES = { block: Block, note: Note };
const EDGE_TYPES = { line: Line };
const GRID: [number, number] = [10, 10];
const WITH_KEYS = ["Shift", "Meta", "Control"];
const FIT = { padding: 0.16, maxZoom: 1, minZoom: 0.2 };

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
  const { handlers, cancelClick } = useConnecting(world, root, actions.push);

  useLayoutEffect(() => {
    const selection = stores.takeSelection();
    setNodes((before) => nextNodes(before, flow, selection));
    setEdges((before) => nextEdges(before, flow));
  }, [flow, stores]);

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
  useFirstFit(nodes);
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
      aria-label={say("canvas")}
    >
      <Background variant={BackgroundVariant.Dots} gap={20} size={1.4} />
      {showMap && (
        <MiniMap pannable zoomable ariaLabel={say("map")} nodeBorderRadius={10} nodeClassName={(node) => `fl-map-${groupOf(node)}`} />
      )}
    </ReactFlow>
  );
}

const groupOf = (node: { data: unknown }) => (node.data as BlockNode["data"]).card.group;

function useFirstFit(nodes: BlockNode[]) {
  const { fitView } = useReactFlow();
  const done = useRef(false);
  const measured = nodes.length > 0 && nodes.every((node) => node.measured?.width);
  useEffect(() => {
    if (done.current || !measured) return;
    done.current = true;
    void fitView(FIT);
  }, [measured, fitView]);
}

function useFocus(focus: CanvasData["focus"], nodes: BlockNode[], select: (chosen: (node: BlockNode) => boolean) => void) {
  const { setCenter, getZoom } = useReactFlow();
  const seen = useRef<unknown>(undefined);
  const node = focus && nodes.find((one) => one.id === focus.node);
  const ready = Boolean(node?.measured?.width);
  useEffect(() => {
    if (!focus || !node || !ready || seen.current === focus.nonce) return;
    seen.current = focus.nonce;
    const { width = 0, height = 0 } = node.measured ?? {};
    select((one) => one.id === focus.node);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    void setCenter(node.position.x + width / 2, node.position.y + height / 2, {
      zoom: Math.max(getZoom(), 0.8),
      duration: calm ? 0 : 320,
    });
    // Only a new nonce moves the view, never a later change of the node.
  }, [focus?.nonce, ready]);
}
