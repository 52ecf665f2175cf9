/** One tooltip for the whole canvas, drawn at reading size whatever the zoom. */
import { useEffect, type CSSProperties, type FocusEvent, type PointerEvent } from "react";
import { useCanvas } from "../context";
import { useStore, type Tip } from "../store";

export function useTip(text: string, more: Pick<Tip, "detail" | "beside"> = {}) {
  const { stores } = useCanvas();
  const show = (target: Element) => {
    if (text) stores.tip.set({ text, ...more, box: target.getBoundingClientRect() });
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
  return (
    <div className="fl-tip" role="tooltip" style={placeOf(tip)}>
      {tip.text}
      {tip.detail && <span className="fl-tip-detail">{tip.detail}</span>}
    </div>
  );
}

const WIDTH = 270;
const AWAY = 8;

function placeOf({ box, beside }: Tip): CSSProperties {
  if (beside && box.right + AWAY + WIDTH < window.innerWidth) {
    return { left: box.right + AWAY, top: box.top + box.height / 2, transform: "translateY(-50%)" };
  }
  const middle = box.left + box.width / 2;
  const left = Math.min(Math.max(middle, WIDTH / 2), window.innerWidth - WIDTH / 2);
  return box.top > 140 ? { left, bottom: window.innerHeight - box.top + AWAY } : { left, top: box.bottom + AWAY };
}
