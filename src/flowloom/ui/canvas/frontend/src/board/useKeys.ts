/** Keyboard shortcuts, heard only while the canvas has the focus. */
import { useEffect, type RefObject } from "react";
import { useCanvas } from "../context";
import { commandOf, isOverlay, isWriting, type Command } from "./keys";
import type { BlockNode } from "./nodes";
import type { AllActions } from "./useActions";

type Select = (chosen: (node: BlockNode) => boolean) => void;

export function useKeys(root: RefObject<HTMLElement | null>, actions: AllActions, select: Select, cancel: () => void) {
  const { stores } = useCanvas();
  useEffect(() => {
    const canvas = root.current;
    if (!canvas) return;
    const obey: { [name in Command["do"]]: (command: Command) => void } = {
      undo: actions.undo,
      redo: actions.redo,
      duplicate: actions.duplicate,
      remove: actions.removeSelected,
      all: actions.selectAll,
      group: actions.group,
      combine: actions.combine,
      find: actions.find,
      sheet: () => stores.sheet.set(true),
      clear: () => {
        cancel();
        stores.drawer.set(false);
        stores.tip.set(null);
        stores.menu.set(null);
        stores.chooser.set(null);
        select(() => false);
      },
      rename: actions.renameSelected,
      nudge: (command) => command.do === "nudge" && actions.nudge(command.by),
    };
    const hear = (event: KeyboardEvent) => {
      if (isWriting(event.target) || isOverlay(event.target)) return;
      const command = commandOf(event);
      if (!command) return quietPage(event);
      event.preventDefault();
      event.stopPropagation();
      obey[command.do](command);
    };
    // Before React Flow, which would move nodes by arrow keys without telling when the move has ended.
    canvas.addEventListener("keydown", hear, { capture: true });
    return () => canvas.removeEventListener("keydown", hear, { capture: true });
  }, [root, actions, select, cancel, stores]);
}

/** The page around has one-letter shortcuts of its own, which nobody means while on the canvas. */
function quietPage(event: KeyboardEvent) {
  if (["r", "c"].includes(event.key.toLowerCase()) && !event.ctrlKey && !event.metaKey) event.stopPropagation();
}
