/** Tells the page what is selected, once the choice has settled: each report reruns the page. */
import { useEffect, useRef } from "react";
import type { BlockNode } from "./nodes";

const SETTLED = 120;

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
    const timer = setTimeout(tell, SETTLED);
    // A press elsewhere may lead to another page, and a report that came after it would lead back to this one.
    const onPress = (event: PointerEvent) => {
      if (!(event.target as Element).closest(".flowloom-canvas")) tell();
    };
    window.addEventListener("pointerdown", onPress, { capture: true, signal: life.signal });
    return () => {
      life.abort();
      clearTimeout(timer);
    };
  }, [key, dragging, report]);
}
