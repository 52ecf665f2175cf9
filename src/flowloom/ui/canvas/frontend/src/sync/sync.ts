/** Keeps the canvas and the server of one mind: edits show at once, arrive exactly once, and none is lost. */
import { applyOp, applyPatch, EMPTY, fromSnapshot, replay } from "../flow/apply";
import type { Catalog, FlowState, Op, OpsAnswer, Patch, Problem, Snapshot, StatusEvent } from "../model";
import { Live } from "./live";
import { Patience } from "./patience";
import { type Entry, Queue, type Shelf } from "./queue";
import { Refused, type Server } from "./server";

const BATCH = 200;
const NUDGE_PAUSE = 350;

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

export class Sync {
  confirmed: FlowState = EMPTY;
  shown: FlowState = EMPTY;
  private readonly queue: Queue;
  private readonly live: Live;
  private ready = false;
  private online = true;
  private sending = false;
  private resyncing = false;
  private stopped = false;
  private expired = false;
  private steps = false;
  private stale = false;
  private resting = false;
  private latest = 0;
  private batch = BATCH;
  private readonly patience = new Patience(() => this.retry());
  private nudging: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly server: Server,
    private catalog: Catalog,
    private readonly ears: SyncEars,
    client: string,
    shelf: Shelf | null,
  ) {
    this.queue = new Queue(server.base, client, shelf);
    this.live = new Live({
      open: () => this.reached(),
      patch: (patch) => this.hear(patch),
      snapshot: (snapshot) => this.take(snapshot),
      status: (status) => ears.status(status),
      broken: () => this.failed(),
    });
  }

  start(): void {
    this.stopped = false;
    void this.resync();
  }

  /** The page lets go of the canvas; what is not confirmed stays kept. */
  stop(): void {
    this.leave();
    this.stopped = true;
    this.live.close();
    this.patience.end();
    clearTimeout(this.nudging);
  }

  get pending(): number {
    return this.queue.waiting().length;
  }

  /** Whether the server can be told at once, and so whether ids are sure to be free. */
  get isOnline(): boolean {
    return this.ready && this.online;
  }

  push(ops: Op[]): void {
    this.closeNudging();
    const step = this.steps && ops.length > 1 ? crypto.getRandomValues(new Uint32Array(1))[0]!.toString(36) : undefined;
    for (const op of ops) {
      this.queue.add(op, step);
      this.shown = applyOp(this.shown, op, this.catalog);
    }
    this.tell();
    void this.send();
  }

  /** A small move of a series by the arrow keys, sent once the series pauses. */
  nudge(op: Op & { op: "move" }): void {
    const inSeries = this.nudging !== undefined && this.queue.coalesce(op);
    if (!inSeries) this.queue.add(op);
    this.shown = applyOp(this.shown, op, this.catalog);
    clearTimeout(this.nudging);
    this.nudging = setTimeout(() => {
      this.closeNudging();
      void this.send();
    }, NUDGE_PAUSE);
    this.tell();
  }

  renewed(token: string): void {
    if (token === this.server.token) return;
    this.server.token = token;
    if (!this.expired) return;
    this.expired = false;
    this.retry();
  }

  learn(catalog: Catalog): void {
    this.catalog = catalog;
  }

  /** Try at once, because something has changed for the better. */
  retry(): void {
    this.patience.pause();
    this.resting = false;
    if (!this.live.isOpen || !this.ready || this.stale) void this.resync();
    else void this.send();
  }

  /** Nobody is looking: free the connection, as a browser grants only a few to one host. */
  rest(): void {
    if (!this.live.isOpen) return;
    this.resting = true;
    this.leave();
    this.live.close();
  }

  leave(): void {
    this.closeNudging();
    const batch = this.queue.next(BATCH);
    if (batch.length && !this.expired) this.server.sendOnLeaving(batch, this.confirmed.revision);
  }

  private closeNudging(): void {
    clearTimeout(this.nudging);
    this.nudging = undefined;
  }

  private async send(): Promise<void> {
    if (this.sending || this.stopped || this.expired || !this.ready || this.patience.isWaiting || this.nudging) return;
    const batch = this.queue.next(this.batch);
    if (!batch.length) return;
    this.sending = true;
    try {
      this.accepted(batch, await this.server.send(batch, this.confirmed.revision));
    } catch (error) {
      this.refused(batch, error);
    } finally {
      this.sending = false;
    }
    void this.send();
  }

  private accepted(batch: Entry[], answer: OpsAnswer): void {
    if (answer.acked < batch[0]!.seq) return this.failed();
    this.queue.accept(batch[0]!.client, answer.acked, answer.revision);
    this.batch = BATCH;
    this.reached();
    if (!this.live.isOpen && !this.resting) void this.resync();
    if (answer.snapshot) this.take(answer.snapshot, false);
    for (const patch of answer.patches ?? []) {
      if (patch.revision === this.confirmed.revision + 1) this.confirmed = applyPatch(this.confirmed, patch);
    }
    for (const { problem } of answer.rejected ?? []) this.ears.problem(problem);
    this.knowOf(answer.revision);
    this.refresh();
  }

  private refused(batch: Entry[], error: unknown): void {
    const problem = error instanceof Refused ? error.problem : null;
    if (error instanceof Refused && error.needsToken) return this.expire();
    const isFinal = error instanceof Refused && error.status >= 400 && error.status < 500 && problem;
    if (!isFinal) return this.failed();
    if (batch.length > 1) {
      // One by one, so that a single bad op takes no good one with it.
      this.batch = 1;
      return;
    }
    this.queue.drop(batch);
    this.ears.problem(problem);
    this.refresh();
    void this.resync();
  }

  private hear(patch: Patch): void {
    if (patch.revision <= this.confirmed.revision) return;
    if (patch.revision > this.confirmed.revision + 1) return this.knowOf(patch.revision);
    this.confirmed = applyPatch(this.confirmed, patch);
    this.refresh();
  }

  /** A revision exists; ask for the whole flow when patches do not lead there. */
  private knowOf(revision: number): void {
    this.latest = Math.max(this.latest, revision);
    if (this.latest > this.confirmed.revision) void this.resync();
  }

  private take(snapshot: Snapshot, show = true): void {
    if (this.ready && snapshot.revision < this.confirmed.revision) return;
    this.replace(snapshot);
    if (show) this.refresh();
  }

  private replace(snapshot: Snapshot): void {
    this.confirmed = fromSnapshot(snapshot, this.confirmed);
    this.steps = snapshot.steps ?? false;
    this.ready = true;
  }

  private async resync(): Promise<void> {
    if (this.resyncing || this.stopped || this.expired) return;
    this.resyncing = true;
    this.stale = true;
    const known = this.confirmed.revision;
    try {
      const snapshot = await this.server.snapshot();
      if (snapshot.revision < known) this.setBack(snapshot);
      else this.take(snapshot, false);
      this.stale = false;
      this.reached();
      this.refresh();
      if (!this.stopped && !this.live.isOpen) this.live.listen(this.server.live(this.confirmed.revision));
    } catch (error) {
      if (error instanceof Refused && error.needsToken) this.expire();
      else {
        if (error instanceof Refused && error.problem && !this.ready) this.ears.problem(error.problem);
        this.failed();
      }
    } finally {
      this.resyncing = false;
    }
    if (!this.stale) this.knowOf(this.confirmed.revision);
    void this.send();
  }

  /** Older than what was known when asking: the server returned to an earlier state, and it is right. */
  private setBack(snapshot: Snapshot): void {
    this.latest = 0;
    this.queue.settle(Infinity);
    this.replace(snapshot);
  }

  private expire(): void {
    if (this.expired) return;
    this.expired = true;
    this.live.close();
    this.ears.renew();
  }

  private reached(): void {
    this.patience.end();
    if (this.online) return;
    this.online = true;
    this.tellConnection();
  }

  private failed(): void {
    if (this.stopped) return;
    this.online = false;
    this.tellConnection();
    this.patience.wait();
  }

  private refresh(): void {
    this.queue.settle(this.confirmed.revision);
    this.shown = replay(
      this.confirmed,
      this.queue.entries.map((entry) => entry.op),
      this.catalog,
    );
    this.tell();
  }

  private tell(): void {
    if (this.ready) this.ears.flow(this.shown);
    this.tellConnection();
  }

  private tellConnection(): void {
    this.ears.connection({ pending: this.pending, online: this.online, ready: this.ready });
  }
}
