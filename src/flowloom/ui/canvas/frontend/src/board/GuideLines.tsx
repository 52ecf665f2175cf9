/** The lines that show along what a dragged block lies. */
import { useStore, ViewportPortal } from "@xyflow/react";
import type { Guides } from "../flow/guides";

const FAR = 100_000;

export function GuideLines({ guides }: { guides: Guides }) {
  const zoom = useStore((state) => state.transform[2]);
  if (guides.x === undefined && guides.y === undefined) return null;
  const thin = 1 / zoom;
  return (
    <ViewportPortal>
      {guides.x !== undefined && <i className="fl-guide" style={{ left: guides.x, top: -FAR, width: thin, height: 2 * FAR }} />}
      {guides.y !== undefined && <i className="fl-guide" style={{ top: guides.y, left: -FAR, height: thin, width: 2 * FAR }} />}
    </ViewportPortal>
  );
}
