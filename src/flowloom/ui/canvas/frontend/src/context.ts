/** What every part of the canvas may ask for. */
import { createContext, useContext } from "react";
import type { Catalog, FlowEdge, FlowState, Kind, Point } from "./model";
import type { CanvasStores } from "./store";
import type { Say } from "./texts";

export interface Actions {
  addKind(kind: Kind, at?: Point): void;
  disconnect(edge: FlowEdge): void;
  rename(node: string, name: string): void;
  writeNote(node: string, text: string): void;
  removeSelected(): void;
  duplicate(): void;
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
}

export const CanvasContext = createContext<CanvasWorld | null>(null);

export function useCanvas(): CanvasWorld {
  const world = useContext(CanvasContext);
  if (!world) throw new Error("This part must live inside the canvas.");
  return world;
}
