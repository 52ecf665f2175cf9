/** Whether somebody reaches for a card: rests the pointer on it, or brings the end of a line. */
import { useEffect, useRef, useState, type PointerEvent } from "react";
import { useCanvas } from "../context";

const REST = 220;

export function useReached() {
  const { stores } = useCanvas();
  const [reached, setReached] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const reach = {
    onPointerEnter(event: PointerEvent) {
      clearTimeout(timer.current);
      // A drag over the board, of a card or a frame, reaches for nothing.
      const brings = stores.line.get() !== null;
      if (brings) return setReached(true);
      if (event.buttons === 0 && event.pointerType !== "touch") timer.current = setTimeout(() => setReached(true), REST);
    },
    onPointerLeave() {
      clearTimeout(timer.current);
      setReached(false);
    },
    onPointerDown: () => clearTimeout(timer.current),
  };
  return { reached, reach };
}
