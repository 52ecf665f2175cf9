/** The way in: Streamlit calls this function on every rerun, and the canvas stays as it is. */
import { mount, type Mounted } from "./mount";
import type { CanvasData } from "./model";

export interface Component {
  data: CanvasData;
  parentElement: HTMLElement;
  setStateValue: (name: string, value: unknown) => void;
  setTriggerValue: (name: string, value: unknown) => void;
}

const LINGER = 1500;
const canvases = new Map<string, Mounted>();

export default function canvas(component: Component): () => void {
  const { data, parentElement } = component;
  const known = canvases.get(data.base);
  const mounted = known ?? mount(data);
  canvases.set(data.base, mounted);
  mounted.update(component);
  return () => leave(data.base, parentElement);
}

/** A page that redraws itself may take an element away and bring it back: only a lasting absence ends the canvas. */
function leave(base: string, parent: HTMLElement): void {
  const mounted = canvases.get(base);
  if (!mounted || mounted.host.parentElement !== parent) return;
  mounted.host.remove();
  mounted.rest();
  setTimeout(() => {
    if (mounted.host.isConnected || canvases.get(base) !== mounted) return;
    canvases.delete(base);
    mounted.end();
  }, LINGER);
}
