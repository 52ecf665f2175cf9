/** The words of the protocol: what the server sends, what the canvas sends back. */

export type PortType = string;

export interface Port {
  id: string;
  label: string;
  type: PortType;
  required?: boolean;
  many?: boolean;
}

export interface Kind {
  id: string;
  label: string;
  help: string;
  icon: string;
  group: string;
  group_label?: string;
  inputs: Port[];
  outputs: Port[];
  can_be_tool?: boolean;
  ways?: string[];
  answers?: boolean;
  /** Its blocks search documents, and take some that are dropped on them. */
  documents?: boolean;
  config?: Record<string, unknown>;
}

export interface Catalog {
  kinds: Kind[];
  groups: { id: string; label: string }[];
  types: Record<PortType, { label: string }>;
  allowed: [PortType, PortType][];
  texts?: Record<string, string>;
  /** How often the templates use each kind. */
  uses?: Record<string, number>;
  documents?: DocumentLimits;
}

/** Which files can be read, how large one may be in bytes, and how many may come at once. */
export interface DocumentLimits {
  endings: string[];
  bytes: number;
  files: number;
}

export interface FlowNode {
  id: string;
  kind: string;
  name?: string | null;
  config?: Record<string, unknown>;
  settings?: Record<string, unknown>;
}

export interface FlowEdge {
  from: string;
  to: string;
}

export interface Point {
  x: number;
  y: number;
}

export interface Card {
  label: string;
  icon: string;
  group: string;
  summary: string;
  inputs: Port[];
  outputs: Port[];
  known: boolean;
  /** The outputs of which one fires each time. */
  ways?: string[];
  /** What it puts out is the answer, and nothing need follow. */
  answers?: boolean;
  /** It searches documents, and takes some that are dropped on it. */
  documents?: boolean;
  /** The blocks within it can be put in its place; the server tells. */
  can_unpack?: boolean;
}

export interface Problem {
  code: string;
  message: string;
  hint?: string;
  node?: string | null;
  port?: string | null;
  severity?: "error" | "warning";
}

/** A flow as the canvas holds it, whether confirmed by the server or with pending edits on top. */
export interface FlowState {
  revision: number;
  nodes: Record<string, FlowNode>;
  cards: Record<string, Card>;
  edges: FlowEdge[];
  layout: Record<string, Point>;
  problems: Problem[];
  can_undo: boolean;
  can_redo: boolean;
}

export interface Snapshot {
  revision: number;
  flow: { nodes: FlowNode[]; edges: FlowEdge[]; layout: Record<string, Point> };
  cards: Record<string, Card>;
  problems: Problem[];
  can_undo: boolean;
  can_redo: boolean;
  /** The server takes ops that share a `step` back in one undo. */
  steps?: boolean;
}

export interface Patch {
  revision: number;
  nodes?: Record<string, { node: FlowNode; card: Card } | null>;
  edges?: { added?: FlowEdge[]; removed?: FlowEdge[] };
  layout?: Record<string, Point | null>;
  problems?: Problem[];
  can_undo?: boolean;
  can_redo?: boolean;
}

export type Op =
  | { op: "add"; node: FlowNode; at: Point }
  | { op: "remove"; nodes: string[]; edges: FlowEdge[] }
  | { op: "move"; positions: Record<string, Point> }
  | { op: "connect"; from: string; to: string }
  | { op: "disconnect"; from: string; to: string }
  | { op: "rename"; node: string; name: string }
  | { op: "configure"; node: string; config: Record<string, unknown> }
  | { op: "combine"; nodes: string[]; node: string }
  | { op: "unpack"; node: string }
  | { op: "undo" }
  | { op: "redo" };

export interface OpsAnswer {
  acked: number;
  revision: number;
  patches?: Patch[];
  snapshot?: Snapshot;
  rejected?: { seq: number; problem: Problem }[];
}

export type NodeState = "waiting" | "running" | "asking" | "done" | "failed" | "skipped";

export interface NodeStatus {
  status: NodeState;
  seconds?: number;
  note?: string;
  /** How many are done, of how many. */
  items?: [number, number];
  tokens?: number;
  problem?: Problem;
}

export interface RunStatus {
  run_id: string | null;
  state: "idle" | "running" | "paused" | "finished" | "failed" | "cancelled";
  nodes: Record<string, NodeStatus>;
  edges: Record<string, "live" | "dead">;
}

export interface StatusEvent {
  run_id: string | null;
  state: RunStatus["state"];
  nodes?: Record<string, NodeStatus>;
  edges?: Record<string, "live" | "dead">;
  full?: boolean;
}

/** What one step of a past run changed, `at` seconds after it began. */
export interface ReplayStep extends StatusEvent {
  at: number;
  node: string | null;
}

/** What the Python side passes in. */
export interface CanvasData {
  base: string;
  token: string;
  catalog: Catalog;
  language?: string;
  read_only?: boolean;
  focus?: { nodes: string[]; nonce: number | string } | null;
  height?: number;
  /** A past run to go through, whenever the nonce is a new one. */
  replay?: { run: string; nonce: number } | null;
}
