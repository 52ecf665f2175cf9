/** What the canvas knows, in small stores, so that a change redraws only what shows it. */
import { useRef, useSyncExternalStore } from "react";
import { EMPTY } from "./flow/apply";
import type { Begun } from "./flow/insert";
import type { FlowEdge, FlowState, Point, Problem, ReplayStep, RunStatus, StatusEvent } from "./model";
import type { Connection } from "./sync/ears";

export class Store<T> {
  private readonly listeners = new Set<() => void>();

  constructor(private value: T) {}

  get = (): T => this.value;

  set(value: T): void {
    if (value === this.value) return;
    this.value = value;
    this.listeners.forEach((listener) => listener());
  }

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };
}

/** Follow a part of a store; a part that is equal in content counts as the same. */
export function useStore<T, P>(store: Store<T>, part: (value: T) => P, same: (a: P, b: P) => boolean = Object.is): P {
  const last = useRef<P | undefined>(undefined);
  return useSyncExternalStore(store.subscribe, () => {
    const next = part(store.get());
    if (last.current !== undefined && same(last.current, next)) return last.current;
    last.current = next;
    return next;
  });
}

export const sameList = <T>(a: readonly T[], b: readonly T[]) => a.length === b.length && a.every((one, i) => one === b[i]);

export interface Toast {
  id: number;
  text: string;
  tone: "plain" | "warning";
}

export interface Tip {
  text: string;
  detail?: string;
  /** Shown to the right rather than above. */
  beside?: boolean;
  box: DOMRect;
}

/** Where a block is wanted, on the screen and on the canvas: at the end of a line, on a line, or in the open. */
export interface Wish {
  begun?: Begun | undefined;
  edge?: FlowEdge | undefined;
  /** Unset where a free place beside the line's end will do. */
  at?: Point | undefined;
  screen: Point;
}

/** The end of a line that is being pulled. */
export interface Pulled {
  side: "input" | "output";
  type: string;
}

/** Where a menu was asked for, and of what: a line, some selected nodes, or the board. */
export interface MenuWish {
  edge?: FlowEdge | undefined;
  group?: string | undefined;
  grouped?: boolean;
  nodes: number;
  unpacks?: boolean;
  at: Point;
  screen: Point;
}

export const IDLE: RunStatus = { run_id: null, state: "idle", nodes: {}, edges: {} };

const nextFrame = (then: () => void) => (typeof requestAnimationFrame === "function" ? requestAnimationFrame(then) : setTimeout(then));

export interface Replay {
  steps: readonly ReplayStep[];
  step: number;
}

export function statusAfter(before: RunStatus, event: StatusEvent): RunStatus {
  const afresh = event.full || event.run_id !== before.run_id;
  return {
    run_id: event.run_id,
    state: event.state,
    nodes: afresh ? (event.nodes ?? {}) : { ...before.nodes, ...event.nodes },
    edges: afresh ? (event.edges ?? {}) : { ...before.edges, ...event.edges },
  };
}

export class CanvasStores {
  readonly flow = new Store<FlowState>(EMPTY);
  readonly connection = new Store<Connection>({ pending: 0, online: true, ready: false });
  /** The run as shown: the latest, or the moment of a past one that is gone through. */
  readonly run = new Store<RunStatus>(IDLE);
  readonly replay = new Store<Replay | null>(null);
  private latest: RunStatus = IDLE;
  private heardOnce = false;
  private waiting = false;
  readonly toasts = new Store<readonly Toast[]>([]);
  readonly tip = new Store<Tip | null>(null);
  readonly chooser = new Store<Wish | null>(null);
  readonly menu = new Store<MenuWish | null>(null);
  /** What shall be selected at once. */
  readonly pick = new Store<ReadonlySet<string>>(new Set());
  readonly finder = new Store(false);
  readonly line = new Store<Pulled | null>(null);
  /** The ways of those lines that lead round cards, by their ids. */
  readonly routes = new Store<ReadonlyMap<string, Point[]>>(new Map());
  readonly sheet = new Store(false);
  readonly drawer = new Store(false);
  readonly palette = new Store(true);
  private lastToast = 0;
  private wanted: ((flow: FlowState) => ReadonlySet<string> | null) | null = null;

  /** What shall be selected once it is drawn. */
  selectNext(ids: Iterable<string>): void {
    const chosen = new Set(ids);
    this.wanted = (flow) => ([...chosen].some((id) => flow.nodes[id]) ? chosen : null);
  }

  /** Select all that comes in the place of a block. */
  selectInstead(gone: string): void {
    const before = this.flow.get().nodes;
    this.wanted = ({ nodes }) => (nodes[gone] ? null : new Set(Object.keys(nodes).filter((id) => !before[id])));
  }

  takeSelection(flow: FlowState): ReadonlySet<string> | null {
    const chosen = this.wanted?.(flow) ?? null;
    if (chosen) this.wanted = null;
    return chosen;
  }

  /** An edit was refused, and what it would have drawn will not come. */
  hearProblem(text: string): void {
    this.wanted = null;
    this.toast(text, "warning");
  }

  hearStatus(event: StatusEvent): void {
    // What is heard first tells of a run that was there already, perhaps the very one that is gone through.
    const begins = this.heardOnce && event.run_id !== this.latest.run_id;
    this.heardOnce = true;
    this.latest = statusAfter(this.latest, event);
    if (begins) this.replay.set(null);
    this.showSoon();
  }

  /** However many statuses come in between, the canvas is drawn once a frame. */
  private showSoon(): void {
    if (this.waiting) return;
    this.waiting = true;
    nextFrame(() => {
      this.waiting = false;
      if (!this.replay.get()) this.run.set(this.latest);
    });
  }

  /** Go to a step of a past run; the first is 0. */
  showStep(steps: readonly ReplayStep[], at: number): void {
    const step = Math.min(Math.max(0, at), steps.length - 1);
    this.replay.set({ steps, step });
    this.run.set(steps.slice(0, step + 1).reduce(statusAfter, IDLE));
  }

  endReplay(): void {
    this.replay.set(null);
    this.run.set(this.latest);
  }

  toast(text: string, tone: Toast["tone"] = "plain"): void {
    const id = ++this.lastToast;
    const others = this.toasts.get().filter((toast) => toast.text !== text);
    this.toasts.set([...others.slice(-1), { id, text, tone }]);
    setTimeout(() => this.dismiss(id), tone === "warning" ? 6500 : 3000);
  }

  dismiss(id: number): void {
    this.toasts.set(this.toasts.get().filter((toast) => toast.id !== id));
  }
}

export const problemText = (problem: Problem) => [problem.message, problem.hint].filter(Boolean).join(" ");
