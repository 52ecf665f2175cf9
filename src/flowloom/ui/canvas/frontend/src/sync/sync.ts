/** Keeps the canvas and the server of one mind: edits show at once, arrive exactly once, and none is lost. */
import { applyOp, EMPTY, replay } from "../flow/apply";
import type { Catalog, FlowState, Op, OpsAnswer, Snapshot } from "../model";
import { Confirmed } from "./confirmed";
import type { SyncEars } from "./ears";
import { Live } from "./live";
import { Patience } from "./patience";
import { type Entry, Queue, type Shelf } from "./queue";
import { Refused, type Server } from "./server";

const BATCH = 200;
const NUDGE_PAUSE = 350;

export class Sync {
  shown: FlowState = EMPTY;
  private readonly truth = new Confirmed();
  private readonly queue: Queue;
  private readonly live: Live;
  private online = true;
  private sending = false;
  private resyncing = false;
  private stopped = false;
  private expired = false;
  private stale = false;
  private resting = false;
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
      patch: (patch) => this.heard(() => this.truth.follow(patch)),
      snapshot: (snapshot) => this.heard(() => this.truth.take(snapshot)),
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

  get confirmed(): FlowState {
    return this.truth.flow;
  }

  get pending(): number {
    return this.queue.waiting().length;
  }

  /** What is about to become one block, and that block: drawn once the server has made it. */
  get combining(): ReadonlySet<string> {
    return new Set(this.queue.entries.flatMap(({ op }) => (op.op === "combine" ? [op.node, ...op.nodes] : [])));
  }

  /** Whether the server can be told at once, and so whether ids are sure to be free. */
  get isOnline(): boolean {
    return this.truth.ready && this.online;
  }

  push(ops: Op[]): void {
    this.closeNudging();
    const step = this.truth.steps && ops.length > 1 ? crypto.getRandomValues(new Uint32Array(1))[0]!.toString(36) : undefined;
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

  /** Ask the page for another token; whether one came within a few seconds. */
  async newToken(): Promise<boolean> {
    const before = this.server.token;
    this.ears.renew();
    for (let tries = 0; tries < 50 && this.server.token === before; tries++) await new Promise((then) => setTimeout(then, 100));
    return this.server.token !== before;
  }

  learn(catalog: Catalog): void {
    this.catalog = catalog;
  }

  /** Try at once, because something has changed for the better. */
  retry(): void {
    this.patience.pause();
    this.resting = false;
    if (!this.live.isOpen || !this.truth.ready || this.stale) void this.resync();
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
    if (this.sending || this.stopped || this.expired || !this.truth.ready || this.patience.isWaiting || this.nudging) return;
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
    if (answer.snapshot) this.truth.take(answer.snapshot);
    answer.patches?.forEach((patch) => this.truth.follow(patch));
    this.truth.knowOf(answer.revision);
    for (const { problem } of answer.rejected ?? []) this.ears.problem(problem);
    this.refresh();
    this.catchUp();
  }

  private refused(batch: Entry[], error: unknown): void {
    if (error instanceof Refused && error.needsToken) return this.expire();
    if (!(error instanceof Refused && error.isFinal)) return this.failed();
    if (batch.length > 1) {
      // One by one, so that a single bad op takes no good one with it.
      this.batch = 1;
      return;
    }
    this.queue.drop(batch);
    this.ears.problem(error.problem);
    this.refresh();
    void this.resync();
  }

  private heard(take: () => void): void {
    const before = this.confirmed;
    take();
    if (this.confirmed !== before) this.refresh();
    this.catchUp();
  }

  /** Ask for the whole flow when patches do not lead to what is known to exist. */
  private catchUp(): void {
    if (this.truth.isBehind) void this.resync();
  }

  private async resync(): Promise<void> {
    if (this.resyncing || this.stopped || this.expired) return;
    this.resyncing = true;
    this.stale = true;
    this.truth.expectSnapshot();
    const known = this.confirmed.revision;
    try {
      const snapshot = await this.server.snapshot();
      // Older than what was known when asking.
      if (snapshot.revision < known) this.setBack(snapshot);
      else this.truth.take(snapshot);
      this.stale = false;
      this.reached();
      this.refresh();
      if (!this.stopped && !this.live.isOpen) this.live.listen(this.server.live(this.confirmed.revision));
    } catch (error) {
      if (error instanceof Refused && error.needsToken) this.expire();
      else {
        if (error instanceof Refused && error.problem && !this.truth.ready) this.ears.problem(error.problem);
        this.failed();
      }
    } finally {
      this.resyncing = false;
    }
    if (!this.stale) this.catchUp();
    void this.send();
  }

  private setBack(snapshot: Snapshot): void {
    this.queue.settle(Infinity);
    this.truth.setBack(snapshot);
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
    if (this.truth.ready) this.ears.flow(this.shown);
    this.tellConnection();
  }

  private tellConnection(): void {
    this.ears.connection({ pending: this.pending, online: this.online, ready: this.truth.ready });
  }
}
