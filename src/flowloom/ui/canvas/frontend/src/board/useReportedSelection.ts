/** Tells the page what is selected, once the choice has settled: each report reruns the page. */
import { useEffect, useRef } from "react";
import type { BlockNode } from "./nodes";

const SETTLED = 120;
/** How long a page that is being left keeps silent. */
const LEAVING = 2500;

export function useReportedSelection(nodes: BlockNode[], report: (ids: string[]) => void) {
  const told = useRef("");
  const dragging = nodes.some((node) => node.dragging);
  const chosen = nodes.filter((node) => node.selected).map((node) => node.id);
  const key = chosen.join(" ");
  useEffect(() => {
    if (dragging || key === told.current) return;
    const life = new AbortController();
    const tell = () => {
      life.abort();
      clearTimeout(timer);
      told.current = key;
      report(key ? key.split(" ") : []);
    };
    let timer = setTimeout(tell, SETTLED);
    const onPress = (event: PointerEvent) => {
      const place = event.target as Element;
      if (place.closest("a[href]")) {
        // Streamlit would take a report that comes after it as the wish to be back on this page.
        clearTimeout(timer);
        timer = setTimeout(tell, LEAVING);
      } else if (!place.closest(".flowloom-canvas")) tell();
    };
    window.addEventListener("pointerdown", onPress, { capture: true, signal: life.signal });
    return () => {
      life.abort();
      clearTimeout(timer);
    };
  }, [key, dragging, report]);
}
