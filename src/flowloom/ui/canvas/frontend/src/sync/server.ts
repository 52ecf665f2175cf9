/** The editor's routes, with the page's token on every request. */
import type { OpsAnswer, Problem, ReplayStep, Snapshot } from "../model";
import type { Entry } from "./queue";

const PATIENCE = 15_000;
const FOR_A_FILE = 600_000;
/** Timeout, too early, too many. */
const PASSING = new Set([408, 425, 429]);

/** The server has answered, and the answer is no. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem | null,
  ) {
    super(problem?.message ?? `status ${status}`);
  }

  get needsToken(): boolean {
    return this.status === 401 || this.status === 403;
  }

  /** Asking again would get the same answer. Without a problem, someone between the two may have spoken. */
  get isFinal(): boolean {
    return this.problem !== null && this.status >= 400 && this.status < 500 && !PASSING.has(this.status);
  }
}

/** A document on its way into a base, or what became of it. */
export interface TakenDocument {
  file: string;
  state: "waiting" | "unchanged" | "done" | "failed" | "cancelled";
  hash?: string;
  passages?: number;
  problem?: Problem;
}

export interface ReadDocuments {
  files?: TakenDocument[];
  problem?: Problem;
}

export class Server {
  constructor(
    readonly base: string,
    public token: string,
  ) {}

  snapshot(): Promise<Snapshot> {
    return this.ask<Snapshot>(this.base, {});
  }

  send(batch: Entry[], revision: number): Promise<OpsAnswer> {
    return this.ask<OpsAnswer>(`${this.base}/ops`, { method: "POST", body: bodyOf(batch, revision) });
  }

  /** A last attempt from a page that is going away; whether it arrives or not, the ops are kept. */
  sendOnLeaving(batch: Entry[], revision: number): void {
    const request = { method: "POST", body: bodyOf(batch, revision), headers: this.headers(), keepalive: true };
    fetch(`${this.base}/ops`, request).catch(() => undefined);
  }

  async replay(run: string): Promise<ReplayStep[]> {
    return (await this.ask<{ steps: ReplayStep[] }>(`${this.base}/runs/${encodeURIComponent(run)}`, {})).steps;
  }

  /** What a port gave in a run, as text; null where it gave nothing. */
  async value(run: string, from: string): Promise<string | null> {
    const url = `${this.base}/runs/${encodeURIComponent(run)}/value?from=${encodeURIComponent(from)}`;
    return (await this.ask<{ value: string | null }>(url, {})).value;
  }

  live(revision: number): EventSource {
    return new EventSource(`${this.base}/live?token=${encodeURIComponent(this.token)}&after=${revision}`);
  }

  /** Hand a document in, which waits then to be read for a block. */
  async take(node: string, file: File): Promise<TakenDocument> {
    const url = `${this.documents(node)}?name=${encodeURIComponent(file.name)}`;
    return (await (await this.call(url, { method: "POST", body: file }, FOR_A_FILE)).json()) as TakenDocument;
  }

  /** Read what was handed in; `heard` gets how many have ended. */
  async read(node: string, taken: TakenDocument[], heard: (ended: number) => void): Promise<ReadDocuments> {
    const files = taken.map(({ file, hash }) => ({ file, hash }));
    const answer = await this.call(`${this.documents(node)}/read`, { method: "POST", body: JSON.stringify({ files }) }, null);
    let last: ReadDocuments = {};
    for await (const line of linesOf(answer)) {
      const told = JSON.parse(line) as ReadDocuments & { read?: number };
      if (told.read === undefined) last = told;
      else heard(told.read);
    }
    return last;
  }

  private documents(node: string): string {
    return `${this.base}/documents/${encodeURIComponent(node)}`;
  }

  private headers() {
    return { "Content-Type": "application/json", "X-Flowloom-Token": this.token };
  }

  private async ask<T>(url: string, init: RequestInit): Promise<T> {
    return (await (await this.call(url, init, PATIENCE)).json()) as T;
  }

  /** The answer, within so many milliseconds; null waits as long as it takes. */
  private async call(url: string, init: RequestInit, patience: number | null): Promise<Response> {
    const answer = await fetch(url, {
      ...init,
      headers: this.headers(),
      cache: "no-store",
      ...(patience !== null && { signal: AbortSignal.timeout(patience) }),
    });
    if (answer.ok) return answer;
    const body = (await answer.json().catch(() => null)) as { problem?: Problem } | null;
    throw new Refused(answer.status, body?.problem ?? null);
  }
}

async function* linesOf(answer: Response): AsyncGenerator<string> {
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    const lines = (rest + piece.value).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest) yield rest;
}

function bodyOf(batch: Entry[], revision: number): string {
  const ops = batch.map(({ seq, op, step }) => ({ seq, ...op, ...(step && { step }) }));
  return JSON.stringify({ client: batch[0]?.client, revision, ops });
}
