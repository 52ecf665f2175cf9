/** Going through a past run while the canvas hears of the latest one. */
import { describe, expect, test } from "vitest";
import type { ReplayStep, StatusEvent } from "../src/model";
import { CanvasStores } from "../src/store";

const STEPS: ReplayStep[] = [{ run_id: "past", state: "running", nodes: {}, full: true, at: 0 } as ReplayStep];

function heard(run_id: string | null): StatusEvent {
  return { run_id, state: run_id ? "finished" : "idle", nodes: {}, full: true } as StatusEvent;
}

describe("a replay", () => {
  test.each([["past"], ["latest"], [null]])("outlives what a canvas hears as it opens: %s", (run) => {
    const stores = new CanvasStores();
    stores.showStep(STEPS, 0);
    stores.hearStatus(heard(run));
    expect(stores.replay.get()).toEqual({ steps: STEPS, step: 0 });
  });

  test("ends once another run begins", () => {
    const stores = new CanvasStores();
    stores.hearStatus(heard("latest"));
    stores.showStep(STEPS, 0);
    stores.hearStatus(heard("latest"));
    expect(stores.replay.get()).not.toBeNull();
    stores.hearStatus(heard("next"));
    expect(stores.replay.get()).toBeNull();
  });
});
