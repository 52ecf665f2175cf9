import { describe, expect, it } from "vitest";
import { EventReader } from "../src/sse";

const TEXT = 'event: run\ndata: {"run":"a"}\n\n: still here\n\nid: a.1.2\nevent: piece\ndata: {"text":"é"}\n\n';
const EVENTS = [
  { id: "", kind: "run", data: '{"run":"a"}' },
  { id: "a.1.2", kind: "piece", data: '{"text":"é"}' },
];

describe("events of the server", () => {
  it("are read however they are cut", () => {
    for (let at = 0; at <= TEXT.length; at += 1) {
      const reader = new EventReader();
      expect([...reader.read(TEXT.slice(0, at)), ...reader.read(TEXT.slice(at))]).toEqual(EVENTS);
    }
  });

  it("wait for their rest", () => {
    expect(new EventReader().read("event: piece\ndata: {")).toEqual([]);
  });
});
