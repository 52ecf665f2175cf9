/** The stream of patches and run states, opened again whenever it breaks. */
import type { Patch, Snapshot, StatusEvent } from "../model";

const SILENCE = 70_000;

export interface LiveEars {
  open(): void;
  patch(patch: Patch): void;
  snapshot(snapshot: Snapshot): void;
  status(status: StatusEvent): void;
  broken(): void;
}

export class Live {
  private source: EventSource | null = null;
  private silence: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ears: LiveEars) {}

  get isOpen() {
    return this.source !== null;
  }

  listen(source: EventSource): void {
    this.close();
    this.source = source;
    const { ears } = this;
    const on = <T>(name: string, hear: (data: T) => void) =>
      source.addEventListener(name, (event) => {
        if (this.source !== source) return;
        this.heard();
        hear(JSON.parse((event as MessageEvent<string>).data || "null") as T);
      });
    on<Patch>("patch", (data) => ears.patch(data));
    on<Snapshot>("snapshot", (data) => ears.snapshot(data));
    on<StatusEvent>("status", (data) => ears.status(data));
    source.addEventListener("ping", () => this.heard());
    source.onopen = () => {
      this.heard();
      ears.open();
    };
    source.onerror = () => this.lost(source);
  }

  close(): void {
    clearTimeout(this.silence);
    this.source?.close();
    this.source = null;
  }

  // A connection can die without a word; the server's pings tell.
  private heard(): void {
    clearTimeout(this.silence);
    const { source } = this;
    this.silence = setTimeout(() => source && this.lost(source), SILENCE);
  }

  private lost(source: EventSource): void {
    if (this.source !== source) return;
    this.close();
    this.ears.broken();
  }
}
