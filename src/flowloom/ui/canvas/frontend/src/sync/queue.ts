/** Ops the server has not confirmed yet, kept over a reload. */
import type { Op } from "../model";

export interface Entry {
  client: string;
  seq: number;
  op: Op;
  step?: string;
  at: number;
  /** The revision that holds the op, once the server has said so. */
  acceptedIn?: number;
}

/** What of `Storage` is needed, so that tests can bring their own. */
export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const PREFIX = "flowloom:op";

export class Queue {
  entries: Entry[] = [];
  private seq = 0;

  /** Every page load is a client of its own: a duplicated tab can then never reuse a sequence number. */
  constructor(
    private readonly flow: string,
    readonly client: string,
    private readonly shelf: Shelf | null,
  ) {
    this.entries = this.inherited();
  }

  add(op: Op, step?: string): Entry {
    const entry: Entry = { client: this.client, seq: ++this.seq, op, at: Date.now(), ...(step && { step }) };
    this.entries.push(entry);
    this.keep(entry);
    return entry;
  }

  /** The next ops to send: all of one client, the oldest client first. */
  next(limit: number): Entry[] {
    const waiting = this.waiting();
    const first = waiting[0];
    return first ? waiting.filter((entry) => entry.client === first.client).slice(0, limit) : [];
  }

  waiting(): Entry[] {
    return this.entries.filter((entry) => entry.acceptedIn === undefined);
  }

  /** The server has these; they stay on the picture until that revision has arrived. */
  accept(client: string, upTo: number, revision: number): void {
    for (const entry of this.entries) {
      if (entry.client !== client || entry.seq > upTo || entry.acceptedIn !== undefined) continue;
      entry.acceptedIn = revision;
      this.forget(entry);
    }
  }

  /** Let go of what the confirmed flow now holds. */
  settle(revision: number): void {
    this.entries = this.entries.filter((entry) => entry.acceptedIn === undefined || entry.acceptedIn > revision);
  }

  drop(refused: Entry[]): void {
    this.entries = this.entries.filter((entry) => !refused.includes(entry));
    refused.forEach((entry) => this.forget(entry));
  }

  /** Join a nudge to the one before it, as long as that has not been sent. */
  coalesce(op: Op & { op: "move" }): boolean {
    const last = this.entries.at(-1);
    if (!last || last.client !== this.client || last.op.op !== "move" || last.acceptedIn !== undefined) return false;
    if (Object.keys(last.op.positions).join() !== Object.keys(op.positions).join()) return false;
    // Under a new number: another tab may already be sending the old one.
    this.drop([last]);
    this.add(op);
    return true;
  }

  private inherited(): Entry[] {
    const found = this.stored();
    const since = new Map<string, number>();
    for (const { client, at } of found) since.set(client, Math.min(at, since.get(client) ?? Infinity));
    return found.sort(
      (a, b) => since.get(a.client)! - since.get(b.client)! || a.client.localeCompare(b.client) || a.seq - b.seq,
    );
  }

  private stored(): Entry[] {
    const found: Entry[] = [];
    try {
      for (let i = 0; this.shelf && i < this.shelf.length; i++) {
        const key = this.shelf.key(i);
        if (!key?.startsWith(`${PREFIX}:${this.flow}:`)) continue;
        found.push(JSON.parse(this.shelf.getItem(key)!) as Entry);
      }
    } catch {
      // What cannot be read back was never an op of ours.
    }
    return found;
  }

  private place(entry: Entry): string {
    return `${PREFIX}:${this.flow}:${entry.client}:${entry.seq}`;
  }

  // One key per op, so that two tabs never overwrite each other's.
  private keep(entry: Entry): void {
    try {
      this.shelf?.setItem(this.place(entry), JSON.stringify(entry));
    } catch {
      // A full or forbidden storage costs only the survival of a reload.
    }
  }

  private forget(entry: Entry): void {
    try {
      this.shelf?.removeItem(this.place(entry));
    } catch {
      // Sent again after a reload, the server knows it by its number.
    }
  }
}
