/** One tooltip for the whole canvas, drawn at reading size whatever the zoom. */
import { useEffect, type FocusEvent, type PointerEvent } from "react";
import { useCanvas } from "../context";
import { useStore } from "../store";

export function useTip(text: string, detail?: string) {
  const { stores } = useCanvas();
  const show = (target: Element) => {
    if (text) stores.tip.set({ text, ...(detail && { detail }), box: target.getBoundingClientRect() });
  };
  const hide = () => stores.tip.set(null);
  return {
    onPointerEnter: (event: PointerEvent) => event.pointerType !== "touch" && show(event.currentTarget),
    onPointerLeave: hide,
    onPointerDown: hide,
    onFocus: (event: FocusEvent) => event.target.matches(":focus-visible") && show(event.currentTarget),
    onBlur: hide,
    onClick: (event: { currentTarget: Element }) => show(event.currentTarget),
  };
}

export function TipLayer() {
  const { stores } = useCanvas();
  const tip = useStore(stores.tip, (value) => value);
  useEffect(() => () => stores.tip.set(null), [stores]);
  if (!tip) return null;
  const above = tip.box.top > 140;
  const middle = tip.box.left + tip.box.width / 2;
  const left = Math.min(Math.max(middle, 140), window.innerWidth - 140);
  const style = above ? { left, bottom: window.innerHeight - tip.box.top + 8 } : { left, top: tip.box.bottom + 8 };
  return (
    <div className="fl-tip" role="tooltip" style={style}>
      {tip.text}
      {tip.detail && <span className="fl-tip-detail">{tip.detail}</span>}
    </div>
  );
}
