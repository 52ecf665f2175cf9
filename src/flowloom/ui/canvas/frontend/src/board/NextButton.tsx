/** A plus where the flow could go on: at a way out that leads nowhere yet. */
import { useCanvas } from "../context";
import type { Port } from "../model";
import { Icon } from "./Icon";

export function NextButton({ node, name, port }: { node: string; name: string; port: Port }) {
  const { say, stores } = useCanvas();
  const words = say("next_after", { port: port.label, node: name });
  return (
    <button
      type="button"
      className="fl-next nodrag nopan"
      data-testid={`next-${node}.${port.id}`}
      aria-label={words}
      title={words}
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation();
        const box = event.currentTarget.getBoundingClientRect();
        const screen = { x: box.right + 6, y: box.top };
        stores.chooser.set({ begun: { end: `${node}.${port.id}`, side: "output", type: port.type }, screen });
      }}
    >
      <Icon name="add" />
    </button>
  );
}
