/** What another site may set where it shows this page in a frame, and the two words that it is told. */

import { facts } from "./facts";

const COLOR = /^#[0-9a-f]{6}$/i;

/** The settings are behind the `#` of the address, which no server is told. */
export function dressFrame(): void {
  if (!facts.framed) return;
  const given = new URLSearchParams(location.hash.slice(1));
  const color = given.get("color") ?? "";
  if (COLOR.test(color)) {
    document.documentElement.style.setProperty("--accent", color);
    document.documentElement.style.setProperty("--on-accent", isLight(color) ? "#16181f" : "#ffffff");
    document.documentElement.classList.add("colored");
  }
  const starters = given.getAll("starter").map((each) => each.trim().slice(0, 200)).filter(Boolean);
  if (starters.length) facts.starters = starters.slice(0, 12);
  tell("ready");
}

export function closeFrame(): void {
  if (facts.framed) tell("close");
}

/** Nothing in these words is anybody's secret, and the page around is one that may show us. */
function tell(word: "ready" | "close"): void {
  if (window.parent !== window) window.parent.postMessage({ flowloom: word }, "*");
}

function isLight(color: string): boolean {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.4;
}
