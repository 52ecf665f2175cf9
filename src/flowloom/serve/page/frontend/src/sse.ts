/** Server-sent events out of a response: `EventSource` could send no header of ours. */

export interface ServerEvent {
  id: string;
  kind: string;
  data: string;
}

/** The events of a text that grows; what is not whole yet waits for its rest. */
export class EventReader {
  private rest = "";

  read(piece: string): ServerEvent[] {
    const blocks = (this.rest + piece).split("\n\n");
    this.rest = blocks.pop() ?? "";
    return blocks.map(eventOf).filter((event) => event.data !== "");
  }
}

function eventOf(block: string): ServerEvent {
  const event = { id: "", kind: "message", data: "" };
  for (const line of block.split("\n")) {
    const at = line.indexOf(":");
    const name = line.slice(0, at);
    const value = line.slice(at + 1).replace(/^ /, "");
    if (name === "id") event.id = value;
    else if (name === "event") event.kind = value;
    else if (name === "data") event.data += event.data ? `\n${value}` : value;
  }
  return event;
}

export async function* eventsOf(answer: Response): AsyncGenerator<ServerEvent> {
  const reader = answer.body!.getReader();
  const decoder = new TextDecoder();
  const events = new EventReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* events.read(decoder.decode(value, { stream: true }));
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
