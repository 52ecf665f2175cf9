import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { applyOp, EMPTY } from "../src/flow/apply";
import type { FlowState, Op, OpsAnswer, Patch, Problem } from "../src/model";
import { Refused, type Server } from "../src/sync/server";
import type { Entry, Shelf } from "../src/sync/queue";
import type { Connection } from "../src/sync/ears";
import { Sync } from "../src/sync/sync";
import { add, CATALOG, chance, patchBetween, snapshotOf, someOp } from "./samples";

class MemoryShelf implements Shelf {
  private readonly kept = new Map<string, string>();
  get length() {
    return this.kept.size;
  }
  key = (index: number) => [...this.kept.keys()][index] ?? null;
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.kept.set(key, value);
  removeItem = (key: string) => void this.kept.delete(key);
}

class FakeSource {
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  private readonly ears = new Map<string, (event: { data: string }) => void>();
  addEventListener = (name: string, ear: (event: { data: string }) => void) => void this.ears.set(name, ear);
  close = () => (this.closed = true);
  say = (name: string, data: unknown) => this.closed || this.ears.get(name)?.({ data: JSON.stringify(data) });
}

/** A server in memory: takes every op once, keeps every patch, and can be made to misbehave. */
class World {
  flow: FlowState = { ...EMPTY, revision: 1 };
  patches: Patch[] = [];
  seen = new Map<string, number>();
  sources: FakeSource[] = [];
  taken: string[] = [];
  trouble: (() => Error | null) | null = null;
  loseAnswers = false;
  deaf = false;
  mute = false;

  edit(op: Op): void {
    const next = { ...applyOp(this.flow, op, CATALOG), revision: this.flow.revision + 1 };
    const patch = patchBetween(this.flow, next);
    this.flow = next;
    this.patches.push(patch);
    if (!this.deaf) this.sources.forEach((source) => source.say("patch", patch));
  }

  take(batch: Entry[], revision: number): OpsAnswer {
    const client = batch[0]!.client;
    for (const { seq, op } of batch) {
      if (seq <= (this.seen.get(client) ?? 0)) continue;
      this.seen.set(client, seq);
      this.taken.push(`${client}:${seq}`);
      this.edit(JSON.parse(JSON.stringify(op)) as Op);
    }
    const patches = this.patches.filter((patch) => patch.revision > revision);
    return { acked: this.seen.get(client)!, revision: this.flow.revision, patches: this.mute ? [] : patches };
  }

  server(token = "good"): Server {
    const fail = () => {
      const error = this.trouble?.();
      if (error) throw error;
    };
    const world = this;
    return {
      base: "/flows/x",
      token,
      async snapshot() {
        await pause();
        fail();
        const snapshot = snapshotOf(world.flow);
        await pause();
        return snapshot;
      },
      async send(batch: Entry[], revision: number) {
        const copy = JSON.parse(JSON.stringify(batch)) as Entry[];
        await pause();
        fail();
        const answer = world.take(copy, revision);
        await pause();
        if (world.loseAnswers) throw new TypeError("connection lost");
        return answer;
      },
      sendOnLeaving() {},
      live() {
        const source = new FakeSource();
        world.sources.push(source);
        // What is known already may come again, as a server may not know how far the page is.
        setTimeout(() => world.patches.slice(-3).forEach((patch) => source.say("patch", patch)), 5);
        return source;
      },
    } as unknown as Server;
  }
}

const pause = () => new Promise((done) => setTimeout(done, 5));

function open(world: World, client: string, shelf: Shelf = new MemoryShelf()) {
  const heard = {
    problems: [] as (Problem | null)[],
    flows: [] as FlowState[],
    renew: 0,
    connection: null as Connection | null,
  };
  const server = world.server();
  const sync = new Sync(
    server,
    CATALOG,
    {
      flow: (flow) => heard.flows.push(flow),
      connection: (connection) => (heard.connection = connection),
      status: () => undefined,
      problem: (problem) => heard.problems.push(problem),
      renew: () => heard.renew++,
    },
    client,
    shelf,
  );
  sync.start();
  return { sync, heard, shelf, server };
}

const content = ({ nodes, edges, layout }: FlowState) => ({ nodes, edges, layout });
const settle = () => vi.advanceTimersByTimeAsync(60_000);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("edits", () => {
  test("show at once and arrive", async () => {
    const world = new World();
    const { sync, shelf } = open(world, "a");
    await settle();
    sync.push([add("m")]);
    expect(sync.shown.nodes.m).toBeDefined();
    expect(shelf.length).toBe(1);
    await settle();
    expect(world.flow.nodes.m).toBeDefined();
    expect([sync.pending, shelf.length]).toEqual([0, 0]);
  });

  test("made before the flow has come wait for it", async () => {
    const world = new World();
    const { sync } = open(world, "a");
    sync.push([add("m")]);
    await settle();
    expect(content(sync.shown)).toEqual(content(world.flow));
  });

  test("whose answer is lost are not done twice", async () => {
    const world = new World();
    const { sync, heard } = open(world, "a");
    await settle();
    world.loseAnswers = true;
    sync.push([add("m"), add("n")]);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(heard.connection).toMatchObject({ online: false, pending: 2 });
    world.loseAnswers = false;
    await settle();
    expect(world.taken).toEqual(["a:1", "a:2"]);
    expect(heard.connection).toMatchObject({ online: true, pending: 0 });
  });

  test("survive a server that is away, and a reload meanwhile", async () => {
    const world = new World();
    const first = open(world, "a");
    await settle();
    world.trouble = () => new Refused(503, null);
    first.sync.push([add("m")]);
    await vi.advanceTimersByTimeAsync(2_000);
    first.sync.stop();
    const second = open(world, "b", first.shelf);
    await vi.advanceTimersByTimeAsync(2_000);
    second.sync.push([{ op: "rename", node: "m", name: "M" }]);
    world.trouble = null;
    await settle();
    expect(world.taken).toEqual(["a:1", "b:1"]);
    expect(world.flow.nodes.m!.name).toBe("M");
    expect(first.shelf.length).toBe(0);
  });

  test("refused for good are said and dropped alone", async () => {
    const world = new World();
    const { sync, heard } = open(world, "a");
    await settle();
    const bad = { code: "edit", message: "No." };
    world.trouble = () => (sync.pending === 3 || sync.pending === 2 ? new Refused(400, bad) : null);
    sync.push([add("m"), add("n"), add("o")]);
    await settle();
    expect(heard.problems).toHaveLength(2);
    expect(Object.keys(world.flow.nodes)).toEqual(["o"]);
    expect(content(sync.shown)).toEqual(content(world.flow));
  });

  test("wait for a new token, asked for once", async () => {
    const world = new World();
    const { sync, heard, server } = open(world, "a");
    await settle();
    world.trouble = () => (server.token === "good" ? new Refused(401, null) : null);
    sync.push([add("m")]);
    sync.push([add("n")]);
    await settle();
    expect([heard.renew, sync.pending]).toEqual([1, 2]);
    sync.renewed("better");
    await settle();
    expect(Object.keys(world.flow.nodes)).toEqual(["m", "n"]);
  });

  test("that make blocks one survive a reload, count once, and are drawn by the server alone", async () => {
    const world = new World();
    const first = open(world, "a");
    await settle();
    first.sync.push([add("m"), add("n")]);
    await settle();
    world.loseAnswers = true;
    first.sync.push([{ op: "combine", nodes: ["m", "n"], node: "one" }]);
    expect([...first.sync.combining].sort()).toEqual(["m", "n", "one"]);
    expect(Object.keys(first.sync.shown.nodes)).toEqual(["m", "n"]);
    await vi.advanceTimersByTimeAsync(2_000);
    first.sync.stop();
    world.loseAnswers = false;
    const second = open(world, "b", first.shelf);
    await settle();
    expect(world.taken).toEqual(["a:1", "a:2", "a:3"]);
    expect([second.sync.pending, second.sync.combining.size]).toEqual([0, 0]);
  });

  test("by arrow keys become one op, under its own number", async () => {
    const world = new World();
    const { sync } = open(world, "a");
    await settle();
    sync.push([add("m")]);
    await settle();
    for (const x of [10, 20, 30]) sync.nudge({ op: "move", positions: { m: { x, y: 0 } } });
    await settle();
    expect(world.flow.layout.m).toEqual({ x: 30, y: 0 });
    expect(world.taken).toEqual(["a:1", "a:4"]);
  });
});

test("an accepted edit stays on the picture until its revision has come", async () => {
  const world = new World();
  const { sync, heard } = open(world, "a");
  await settle();
  world.deaf = world.mute = true;
  heard.flows.length = 0;
  sync.push([add("m")]);
  await settle();
  expect(heard.flows.length).toBeGreaterThan(2);
  expect(heard.flows.every((flow) => flow.nodes.m)).toBe(true);
  expect(sync.confirmed.nodes.m).toBeDefined();
});

describe("the stream", () => {
  test("brings edits made elsewhere under pending ones", async () => {
    const world = new World();
    const { sync } = open(world, "a");
    await settle();
    sync.push([add("m")]);
    world.edit(add("other"));
    expect(Object.keys(sync.shown.nodes)).toEqual(["other", "m"]);
    await settle();
    expect(content(sync.shown)).toEqual(content(world.flow));
  });

  test("never goes back", async () => {
    const world = new World();
    const { sync, heard } = open(world, "a");
    await settle();
    sync.push([add("m")]);
    await settle();
    world.edit({ op: "rename", node: "m", name: "M" });
    world.sources.at(-1)!.say("patch", world.patches[0]);
    expect(sync.confirmed.revision).toBe(world.flow.revision);
    const revisions = heard.flows.map((flow) => flow.revision);
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
  });

  test("whose patch came while the whole flow was on its way is not forgotten", async () => {
    const world = new World();
    const { sync } = open(world, "a");
    await settle();
    world.deaf = true;
    world.edit(add("m"));
    world.deaf = false;
    world.edit(add("n"));
    await vi.advanceTimersByTimeAsync(7);
    world.edit(add("o"));
    await settle();
    expect(content(sync.shown)).toEqual(content(world.flow));
  });

  test("that broke is opened again though an edit got through meanwhile", async () => {
    const world = new World();
    const { sync } = open(world, "a");
    await settle();
    sync.push([add("m")]);
    world.sources.at(-1)!.onerror!();
    await settle();
    world.edit(add("n"));
    await settle();
    expect(sync.shown.nodes.n).toBeDefined();
  });

  test("with a gap leads to the whole flow", async () => {
    const world = new World();
    const { sync } = open(world, "a");
    await settle();
    world.deaf = true;
    world.edit(add("m"));
    world.deaf = false;
    world.edit(add("n"));
    await settle();
    expect(content(sync.shown)).toEqual(content(world.flow));
  });

  test("that breaks is opened again", async () => {
    const world = new World();
    const { sync } = open(world, "a");
    await settle();
    world.sources.at(-1)!.onerror!();
    world.edit(add("m"));
    await settle();
    expect(sync.shown.nodes.m).toBeDefined();
  });

  test("of a server set back to an earlier state is believed", async () => {
    const world = new World();
    const { sync } = open(world, "a");
    await settle();
    sync.push([add("m"), add("n")]);
    await settle();
    world.flow = { ...EMPTY, revision: 1 };
    world.patches = [];
    world.sources.at(-1)!.onerror!();
    await settle();
    expect(Object.keys(sync.shown.nodes)).toEqual([]);
  });
});

test.each([...Array(25).keys()])("three tabs of chance edits on a bad line end alike, seed %i", async (seed) => {
  const luck = chance(seed + 1);
  vi.spyOn(Math, "random").mockImplementation(luck.next);
  const world = new World();
  const tabs = ["a", "b", "c"].map((name) => open(world, name));
  world.trouble = () => (luck.next() < 0.25 ? new TypeError("no line") : null);
  for (let step = 0; step < 80; step++) {
    const { sync } = luck.of(tabs);
    const op = someOp(sync.shown, luck);
    // Each tab names its own nodes, as two people would hardly choose one name at one moment.
    if (op.op === "add") op.node = { ...op.node, id: `${op.node.id}-${step}` };
    sync.push([op]);
    if (luck.next() < 0.3) world.loseAnswers = !world.loseAnswers;
    if (luck.next() < 0.2) world.sources.at(-1)?.onerror?.();
    await vi.advanceTimersByTimeAsync(luck.under(40));
  }
  world.trouble = null;
  world.loseAnswers = false;
  await settle();
  for (const { sync } of tabs) {
    expect(sync.pending).toBe(0);
    expect(content(sync.shown)).toEqual(content(world.flow));
  }
  expect(new Set(world.taken).size).toBe(world.taken.length);
});
