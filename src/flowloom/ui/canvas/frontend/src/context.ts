/** What every part of the canvas may ask for. */
import { createContext, useContext } from "react";
import type { Catalog, FlowEdge, FlowState, Kind, Point } from "./model";
import type { Dropped } from "./documents/add";
import type { Alignment } from "./flow/align";
import type { Begun } from "./flow/insert";
import type { CanvasStores } from "./store";
import type { Say } from "./texts";

export interface Actions {
  /** Add a block in a free place, at a point, or on the line that is there. */
  addKind(kind: Kind, at?: Point, edge?: FlowEdge): void;
  /** Add a block at the end of a line that was let go of; beside the block it comes from where no place is given. */
  attach(kind: Kind, begun: Begun, at?: Point): void;
  reconnect(before: FlowEdge, after: FlowEdge): void;
  tidy(): void;
  disconnect(edge: FlowEdge): void;
  rename(node: string, name: string): void;
  writeNote(node: string, text: string): void;
  removeSelected(): void;
  duplicate(): void;
  copyByMenu(): void;
  pasteByMenu(at: Point): void;
  selectAll(): void;
  /** Put what is selected in a new group. */
  group(): void;
  /** Make what is selected one block that holds it. */
  combine(): void;
  /** Put the blocks within the selected one in its place. */
  unpack(): void;
  /** Take what is selected out of its groups. */
  ungroup(): void;
  /** Fold a group into one card, or unfold it. */
  fold(group: string): void;
  align(how: Alignment): void;
  find(): void;
  /** Select a block, or the group it is folded into; gives back which. */
  reveal(node: string): string;
  focus(): void;
  renameSelected(): void;
  undo(): void;
  redo(): void;
}

export interface CanvasWorld {
  stores: CanvasStores;
  catalog: Catalog;
  allowed: Set<string>;
  say: Say;
  language: string;
  readOnly: boolean;
  actions: Actions;
  flow(): FlowState;
  /** Add files to what a block searches. */
  addDocuments(node: string, dropped: Dropped[]): void;
  /** What a port gave in a run, as text. */
  valueOf(run: string, from: string): Promise<string | null>;
  /** Go through a run step by step. */
  replay(run: string): void;
}

export const CanvasContext = createContext<CanvasWorld | null>(null);

export function useCanvas(): CanvasWorld {
  const world = useContext(CanvasContext);
  if (!world) throw new Error("This part must live inside the canvas.");
  return world;
}
