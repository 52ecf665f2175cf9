/** Copy, cut and paste by the system's clipboard, so that blocks travel between flows, windows and e-mails. */
import { useEffect, type RefObject } from "react";
import { useCanvas } from "../context";
import { isWriting } from "./keys";
import type { AllActions } from "./useActions";

export function useClipboard(root: RefObject<HTMLElement | null>, actions: AllActions) {
  const { readOnly } = useCanvas();
  useEffect(() => {
    const canvas = root.current;
    if (!canvas) return;
    const life = new AbortController();
    const { signal } = life;
    const isOurs = (event: ClipboardEvent) => !isWriting(event.target) && !window.getSelection()?.toString();
    const give = (event: ClipboardEvent) => {
      const text = isOurs(event) ? actions.copy() : "";
      if (!text) return false;
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
      return true;
    };
    canvas.addEventListener("copy", give, { signal });
    canvas.addEventListener("cut", (event) => give(event) && actions.removeSelected(), { signal });
    canvas.addEventListener(
      "paste",
      (event) => {
        if (readOnly || isWriting(event.target)) return;
        event.preventDefault();
        actions.paste(event.clipboardData?.getData("text/plain") ?? "");
      },
      { signal },
    );
    return () => life.abort();
  }, [root, actions, readOnly]);
}
