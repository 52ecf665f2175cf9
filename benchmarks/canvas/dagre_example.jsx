/** The peer: React Flow's default nodes, placed by dagre as its layout example does, and fitted into the view. */
import { graphlib, layout } from "@dagrejs/dagre";
import { ReactFlow } from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { createRoot } from "react-dom/client";

const NODE = { width: 172, height: 36 };

function placed({ nodes, edges }, rankdir) {
  const graph = new graphlib.Graph();
  graph.setDefaultEdgeLabel(() => ({}));
  graph.setGraph({ rankdir });
  for (const { id } of nodes) graph.setNode(id, { ...NODE });
  for (const { source, target } of edges) graph.setEdge(source, target);
  layout(graph);
  const [from, to] = rankdir === "LR" ? ["right", "left"] : ["bottom", "top"];
  return nodes.map(({ id, label }) => {
    const { x, y } = graph.node(id);
    const position = { x: x - NODE.width / 2, y: y - NODE.height / 2 };
    return { id, data: { label }, position, sourcePosition: from, targetPosition: to, style: { width: NODE.width } };
  });
}

window.draw = (flow, rankdir) => {
  const edges = flow.edges.map((edge, at) => ({ ...edge, id: String(at), type: "smoothstep" }));
  createRoot(document.getElementById("root")).render(<ReactFlow nodes={placed(flow, rankdir)} edges={edges} fitView />);
};
