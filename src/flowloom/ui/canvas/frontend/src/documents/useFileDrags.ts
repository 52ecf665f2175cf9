/** Files dragged over the canvas: the page stays where it is, and the blocks that take them show it. */
import type { DragEvent, RefObject } from "react";
import type { CanvasWorld } from "../context";
import { carriesFiles } from "./dropped";

const isFile = (event: DragEvent) => carriesFiles(event.dataTransfer);

export function useFileDrags(root: RefObject<HTMLElement | null>, { say, stores, catalog, readOnly }: CanvasWorld) {
  const mark = (on: boolean) => root.current?.toggleAttribute("data-files", on && !readOnly);
  const over = (event: DragEvent) => {
    if (!isFile(event)) return;
    event.preventDefault();
    mark(true);
  };
  return {
    onDragEnter: over,
    onDragOver: over,
    onDragLeave(event: DragEvent) {
      if (!root.current?.contains(event.relatedTarget as Node | null)) mark(false);
    },
    onDropCapture: () => mark(false),
    onDrop(event: DragEvent) {
      if (!isFile(event) || event.defaultPrevented) return;
      event.preventDefault();
      const name = catalog.kinds.find((kind) => kind.documents)?.label ?? "";
      stores.toast(say(readOnly ? "read_only" : "drop_on_block", { name }), "warning");
    },
  };
}

/** A block under a drag: `over` is told whether files are held above it. */
export function fileTarget(over: (is: boolean) => void, drop: (data: DataTransfer) => void) {
  return {
    onDragEnter: (event: DragEvent) => isFile(event) && over(true),
    onDragOver: (event: DragEvent) => {
      if (isFile(event)) event.dataTransfer.dropEffect = "copy";
    },
    onDragLeave: (event: DragEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) over(false);
    },
    onDrop: (event: DragEvent) => {
      if (!isFile(event)) return;
      // Taken: the canvas sees that by this, and the page has to hear of the drop as well, or waits for it for ever.
      event.preventDefault();
      over(false);
      drop(event.dataTransfer);
    },
  };
}
