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
    const timer = setTimeout(() => {
      told.current = key;
      report(key ? key.split(" ") : []);
    }, SETTLED);
    return () => clearTimeout(timer);
  }, [key, dragging, report]);
}
