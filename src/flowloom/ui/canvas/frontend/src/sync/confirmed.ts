/** The flow as the server last told it, and whether there is more to know. */
import { applyPatch, EMPTY, fromSnapshot } from "../flow/apply";
import type { FlowState, Patch, Snapshot } from "../model";

export class Confirmed {
  flow: FlowState = EMPTY;
  ready = false;
  /** The server takes ops that share a step back in one undo. */
  steps = false;
  private latest = 0;

  get isBehind(): boolean {
    return this.latest > this.flow.revision;
  }

  knowOf(revision: number): void {
    this.latest = Math.max(this.latest, revision);
  }

  /** The whole flow is asked for, which covers all that was heard of until now. */
  expectSnapshot(): void {
    this.latest = 0;
  }

  /** Apply the patch if it is the next one. */
  follow(patch: Patch): boolean {
    this.knowOf(patch.revision);
    if (patch.revision !== this.flow.revision + 1) return false;
    this.flow = applyPatch(this.flow, patch);
    return true;
  }

  take(snapshot: Snapshot): void {
    if (!this.ready || snapshot.revision >= this.flow.revision) this.replace(snapshot);
  }

  /** The server returned to an earlier state, and it is right. */
  setBack(snapshot: Snapshot): void {
    this.replace(snapshot);
  }

  private replace(snapshot: Snapshot): void {
    this.flow = fromSnapshot(snapshot, this.flow);
    this.steps = snapshot.steps ?? false;
    this.ready = true;
  }
}
