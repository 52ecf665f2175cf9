/** What the sync tells the canvas. */
import type { FlowState, Problem, StatusEvent } from "../model";

export interface Connection {
  pending: number;
  online: boolean;
  ready: boolean;
}

export interface SyncEars {
  flow(flow: FlowState): void;
  connection(connection: Connection): void;
  status(status: StatusEvent): void;
  problem(problem: Problem | null): void;
  renew(): void;
}
