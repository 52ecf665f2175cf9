const NEAR = 60; // Pixels from the end that still count as being there.
const OPENS = "[class*=st-key-answer_row], [class*=st-key-opened_part], details"; // What grows where one reads.
const followers = new WeakMap();

function boxOf(element) {
  let box = element.getRootNode().host ?? element;
  box.closest("[data-testid=stElementContainer]")?.style.setProperty("position", "absolute");
  while (box && !/auto|scroll/.test(getComputedStyle(box).overflowY)) box = box.parentElement;
  return box;
}

function follow(box) {
  const state = { stuck: true, last: box.scrollTop };
  const left = () => box.scrollHeight - box.clientHeight - box.scrollTop;
  // What comes in only takes the end away, and what goes leaves the end where it is: all else is the person's wish.
  // The browser tells of it a moment later; on a busy machine more of the answer comes before.
  const look = () => {
    if (box.scrollTop < state.last && left() >= 2) state.stuck = false;
    else if (box.scrollTop > state.last && left() < NEAR) state.stuck = true;
    state.last = box.scrollTop;
  };
  const toEnd = () => {
    look();
    if (state.stuck) box.scrollTop = box.scrollHeight;
    state.last = box.scrollTop;
  };
  const onClick = (event) => {
    if (event.target.closest?.(OPENS)) state.stuck = false;
  };
  const sizes = new ResizeObserver(toEnd);
  const watch = () => {
    for (const child of box.children) sizes.observe(child);
    toEnd();
  };
  const changes = new MutationObserver(watch);
  box.addEventListener("scroll", look, { passive: true });
  box.addEventListener("click", onClick, { capture: true });
  changes.observe(box, { childList: true, subtree: true, characterData: true });
  watch();
  state.toEnd = toEnd;
  return state;
}

export default function ({ parentElement, data: [data] }) {
  const box = boxOf(parentElement);
  if (!box) return;
  const known = followers.get(box);
  const state = known ?? follow(box);
  followers.set(box, state);
  if (state.asked !== data.asked) {
    state.asked = data.asked;
    state.stuck = true;
    state.toEnd();
  }
}
