/** Shows a GPT inside another site: `<script src="…/embed/loader.js" data-gpt="name" defer></script>`.
 *
 * `data-mode` is `bubble` or `inline`, `data-color` a colour as `#4f46e5`, `data-starters` are questions separated
 * by `|`, `data-language` is `en`, `zh` or `fr`, `data-label` is what the button says. One element is added to the
 * page, apart from its styles, and no name to its window.
 */

interface Wanted {
  gpt: string;
  inline: boolean;
  color: string;
  label: string;
  address: string;
  origin: string;
}

const WORDS: Record<string, { open: string; close: string; chat: string }> = {
  en: { open: "Open the chat", close: "Close the chat", chat: "Chat" },
  zh: { open: "打开聊天", close: "关闭聊天", chat: "聊天" },
  fr: { open: "Ouvrir la conversation", close: "Fermer la conversation", chat: "Conversation" },
};
const PATIENCE = 15_000;
const ACCENT = "#4f46e5";

function wantedOf(script: HTMLScriptElement): Wanted | null {
  const given = script.dataset;
  const gpt = (given.gpt ?? "").trim();
  if (!gpt || !script.src) {
    console.error("Flowloom: the script tag needs data-gpt, the name in the address of the GPT.");
    return null;
  }
  const color = /^#[0-9a-f]{6}$/i.test(given.color ?? "") ? given.color! : "";
  if (given.color && !color) console.warn("Flowloom: data-color is a colour such as #4f46e5. It was left out.");
  const language = given.language && given.language in WORDS ? given.language : "";
  const settings = new URLSearchParams();
  if (color) settings.set("color", color);
  for (const starter of (given.starters ?? "").split("|").slice(0, 12)) {
    if (starter.trim()) settings.append("starter", starter.trim().slice(0, 200));
  }
  const { origin } = new URL(script.src);
  const query = language ? `?lang=${language}` : "";
  const address = `${origin}/embed/${encodeURIComponent(gpt)}${query}#${settings}`;
  const words = WORDS[language || (navigator.language ?? "").slice(0, 2)] ?? WORDS.en!;
  return {
    gpt,
    inline: given.mode === "inline",
    color: color || ACCENT,
    label: (given.label ?? "").slice(0, 60) || words.open,
    address,
    origin,
  };
}

const STYLE = `
:host { all: initial; }
iframe { border: 0; width: 100%; height: 100%; display: block; background: Canvas; color-scheme: light dark; }
.panel { position: fixed; z-index: 2147483646; right: 20px; bottom: 92px; width: 400px; height: min(640px, calc(100dvh - 120px));
  border-radius: 20px; overflow: hidden; box-shadow: 0 12px 48px rgb(10 12 30 / 28%); border: 1px solid rgb(120 125 150 / 30%); }
.panel[hidden] { display: none; }
.inline { width: 100%; height: 640px; max-height: 90vh; border-radius: 20px; overflow: hidden; border: 1px solid rgb(120 125 150 / 30%); box-sizing: border-box; }
button { position: fixed; z-index: 2147483647; right: 20px; bottom: 20px; width: 60px; height: 60px; border: 0; border-radius: 50%;
  cursor: pointer; display: grid; place-items: center; box-shadow: 0 6px 24px rgb(10 12 30 / 30%); }
button:focus-visible { outline: 3px solid currentcolor; outline-offset: -6px; }
svg { width: 28px; height: 28px; fill: none; stroke: currentcolor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
@media (max-width: 520px) {
  .panel { inset: 0; width: 100%; height: 100dvh; border-radius: 0; border: 0; }
  .panel:not([hidden]) + button { display: none; }
}`;
const BUBBLE = "M12 3c5 0 9 3.600 9 8s-4 8-9 8a10 10 0 0 1-3.300-.6L4 20l1-3.700A7.600 7.600 0 0 1 3 11c0-4.400 4-8 9-8z";
const DOWN = "M6 9l6 6 6-6";

function begin(script: HTMLScriptElement, wanted: Wanted): void {
  const host = document.createElement("flowloom-chat");
  const root = host.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = STYLE;
  root.append(style);
  if (wanted.inline) {
    host.style.display = "block";
    const box = document.createElement("div");
    box.className = "inline";
    box.append(frameOf(wanted));
    root.append(box);
    script.after(host);
    return;
  }
  bubble(root, wanted);
  document.body.append(host);
}

function frameOf(wanted: Wanted, onClose: () => void = () => undefined): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  frame.title = wanted.label;
  // Its scripts run as those of its own site, which is another than this one: they reach nothing of this page.
  frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups allow-downloads");
  frame.allow = "clipboard-write; microphone";
  frame.referrerPolicy = "origin";
  frame.src = wanted.address;
  const late = setTimeout(() => {
    console.error(
      `Flowloom: the chat “${wanted.gpt}” didn’t open. Check that it is published and that ${location.origin} is ` +
        "among the sites that may show it.",
    );
  }, PATIENCE);
  window.addEventListener("message", (event: MessageEvent) => {
    if (event.source !== frame.contentWindow || event.origin !== wanted.origin) return;
    const word = (event.data as { flowloom?: string } | null)?.flowloom;
    if (word === "ready") clearTimeout(late);
    if (word === "close") onClose();
  });
  return frame;
}

function bubble(root: ShadowRoot, wanted: Wanted): void {
  const panel = document.createElement("div");
  panel.className = "panel";
  panel.hidden = true;
  const button = document.createElement("button");
  button.type = "button";
  button.style.background = wanted.color;
  button.style.color = inkOn(wanted.color);
  const show = (open: boolean): void => {
    // Nothing of the chat is loaded before somebody wants it.
    if (open && !panel.firstChild) panel.append(frameOf(wanted, () => show(false)));
    const was = !panel.hidden;
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    button.setAttribute("aria-label", wanted.label);
    draw(button, open ? DOWN : BUBBLE);
    if (open) (panel.firstChild as HTMLIFrameElement).focus();
    else if (was) button.focus();
  };
  button.addEventListener("click", () => show(panel.hidden));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) show(false);
  });
  show(false);
  root.append(panel, button);
}

function draw(button: HTMLButtonElement, path: string): void {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", path);
  drawing.append(line);
  button.replaceChildren(drawing);
}

function inkOn(color: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)) as [number, number, number];
  return red * 0.299 + green * 0.587 + blue * 0.114 > 160 ? "#16181f" : "#ffffff";
}

const script = document.currentScript as HTMLScriptElement | null;
const wanted = script && wantedOf(script);
if (script && wanted) {
  if (document.body) begin(script, wanted);
  else document.addEventListener("DOMContentLoaded", () => begin(script, wanted));
}
