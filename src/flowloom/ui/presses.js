// What a press can begin on. The canvas has presses of its own, and so has what is dragged.
const PRESSED = "button, summary, label";
const OTHERS = ".flowloom-canvas, [draggable=true]";
// Pixels a hand may tremble; who moves on has thought better of it.
const TREMBLE = 5;

let begun = null;

function begin(event) {
  const path = event.composedPath().filter((part) => part instanceof Element);
  const found = path.find((part) => part.matches(PRESSED));
  const isOurs = found && event.button === 0 && !path.some((part) => part.matches(OTHERS));
  begun = isOurs ? { found, x: event.clientX, y: event.clientY } : null;
}

function end(event) {
  const press = begun;
  begun = null;
  if (!press || event.composedPath().includes(press.found)) return;
  const isStill = Math.hypot(event.clientX - press.x, event.clientY - press.y) <= TREMBLE;
  if (isStill && press.found.isConnected) press.found.click();
}

export default function () {
  if (window.flowloomPresses) return;
  window.flowloomPresses = true;
  document.addEventListener("pointerdown", begin, true);
  document.addEventListener("pointerup", end, true);
}
