// All ways to follow a link begin with one of these: a click, the middle button, a key, a menu, a drag.
const BEGINS = ["pointerdown", "focusin", "keydown", "contextmenu", "dragstart", "click", "auxclick"];
// The app's own buttons that lead elsewhere, such as the one that signs in.
const OURS = '[data-testid="stLinkButton"]';

function lead(event) {
  const path = event.composedPath();
  const link = path.find((part) => part instanceof HTMLAnchorElement || part instanceof SVGAElement);
  const written = link?.getAttribute("href") ?? link?.getAttribute("xlink:href");
  if (!written || path.some((part) => part instanceof Element && part.matches(OURS))) return;
  const at = new URL(written, document.baseURI);
  if (at.origin === location.origin || at.protocol === "data:") return;
  link.removeAttribute("xlink:href");
  link.setAttribute("href", `${window.flowloomAway}&to=${encodeURIComponent(at.href)}`);
  link.setAttribute("target", "_blank");
  link.setAttribute("rel", "noopener noreferrer");
}

export default function ({ data: [data] }) {
  const known = window.flowloomAway;
  window.flowloomAway = data.page;
  if (!known) BEGINS.forEach((kind) => document.addEventListener(kind, lead, true));
}
