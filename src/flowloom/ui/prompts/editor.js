// A textarea whose {{names}} are coloured by a layer that lies behind it, letter on letter.
//
// What is typed goes to the server with a number. The page is often drawn anew while a person types, with a
// value that is older than theirs: it only replaces theirs when the server has seen their last number and has
// another text all the same, as after an undo. Where the page makes the field anew, the new one goes on with what
// was typed in the old one, at the place where it was typed.

const PAUSE = 600;
const LONGEST = 5; // Pauses after which even an unfinished name is kept.
const RETURN = 5_000; // Milliseconds within which a focus that was lost comes back.
const TALLEST = 420;
const MOST = 8;
const drawn = new Map(); // The last editor of each key.

export default function ({ parentElement, data: [data], setStateValue }) {
  const root = parentElement.querySelector(".fl-prompt");
  const editor = root.editor ?? (root.editor = new Editor(root));
  editor.tell = (said) => setStateValue("said", said);
  editor.draw(data);
  return () => editor.end();
}

class Editor {
  constructor(root) {
    this.root = root;
    this.area = root.querySelector("textarea");
    this.layer = root.querySelector("pre");
    this.box = root.querySelector(".fl-prompt-box");
    this.list = root.querySelector(".fl-prompt-names");
    this.options = [];
    this.waited = 0;
    this.used = false; // Whether it has the focus, or had it when it was taken off the page.
    this.lost = 0; // When the focus went without anybody taking it, as it does where the page moves an element.
    const on = (name, act) => this.area.addEventListener(name, (event) => act.call(this, event));
    on("input", this.typed);
    on("keydown", this.pressed);
    on("focus", this.entered);
    on("blur", this.left);
    on("scroll", this.scrolled);
    on("click", this.close);
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // The textarea keeps the focus.
      const option = event.target.closest("[role=option]");
      if (option) this.choose(this.options[Number(option.dataset.at)]);
    });
    new ResizeObserver(() => this.fit()).observe(this.area);
  }

  draw(data) {
    const other = this.data?.key !== data.key;
    this.data = data;
    this.pattern = new RegExp(data.tags ? "\\{\\{.*?\\}\\}|\\{[%#].*?[%#]\\}" : data.pattern, "gs");
    this.dress();
    if (other) {
      this.begin(data);
    } else if (data.seen >= this.number && !data.refused && data.value !== this.known) {
      this.write(data.value);
    }
    this.paint();
    this.holdFocus();
  }

  begin(data) {
    this.number = data.seen;
    this.write(data.value);
    this.area.setSelectionRange(data.value.length, data.value.length);
    const old = drawn.get(data.key);
    if (old && !old.root.isConnected && !(performance.now() - old.ended > RETURN)) this.goOn(old);
    drawn.set(data.key, this);
  }

  /** Take over from the field that stood here before, and what the server has not seen of it. */
  goOn(old) {
    clearTimeout(old.timer);
    const { value, selectionStart, selectionEnd } = old.area;
    if (old.number > this.number || value !== old.known) {
      this.number = Math.max(old.number, this.number);
      this.known = old.known;
      this.area.value = value;
      this.wait();
    }
    if (this.area.value === value) this.area.setSelectionRange(selectionStart, selectionEnd);
    this.lost = old.lost || (old.used ? performance.now() : 0);
  }

  end() {
    this.ended = performance.now();
  }

  /** Whoever was typing goes on typing, at the same place. */
  holdFocus() {
    if (!this.lost || performance.now() - this.lost > RETURN) return;
    if (document.activeElement !== document.body) return;
    const { selectionStart, selectionEnd } = this.area;
    this.area.focus({ preventScroll: true });
    this.area.setSelectionRange(selectionStart, selectionEnd);
  }

  dress() {
    const { data, root, area } = this;
    const id = `fl-prompt-${data.key}`;
    area.id = id;
    area.placeholder = data.example;
    area.style.minHeight = `${data.height}px`;
    area.spellcheck = !data.code;
    root.classList.toggle("fl-prompt-code", data.code);
    const label = root.querySelector("label");
    label.htmlFor = id;
    label.textContent = data.label;
    const help = root.querySelector(".fl-prompt-help");
    help.hidden = !data.help;
    help.dataset.help = data.help;
    help.setAttribute("aria-label", data.help);
    const hint = root.querySelector(".fl-prompt-hint");
    hint.hidden = !data.hint;
    hint.textContent = data.hint;
    this.list.id = `${id}-names`;
    this.list.setAttribute("aria-label", data.names_label);
    area.setAttribute("aria-controls", this.list.id);
  }

  write(text) {
    clearTimeout(this.timer);
    this.close();
    this.known = text;
    this.area.defaultValue = text;
    if (this.area.value === text) return;
    const { selectionStart } = this.area;
    this.area.value = text;
    const at = Math.min(selectionStart, text.length);
    if (this.focused()) this.area.setSelectionRange(at, at);
  }

  focused() {
    return this.area.getRootNode().activeElement === this.area;
  }

  // -- what is typed

  typed(event) {
    // Pasted into one line, breaks become spaces.
    if (this.data.line && this.area.value.includes("\n")) {
      const at = this.area.selectionStart;
      this.area.value = this.area.value.replace(/[ \t]*\n[ \t]*/g, " ");
      this.area.setSelectionRange(Math.min(at, this.area.value.length), Math.min(at, this.area.value.length));
    }
    this.paint();
    this.waited = 0;
    this.wait();
    if (!event.isComposing) this.offer();
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.waited += 1;
      if (this.waited < LONGEST && this.inName()) this.wait();
      else this.keep();
    }, PAUSE);
  }

  keep() {
    clearTimeout(this.timer);
    if (!this.area.isConnected || this.area.value === this.known) return;
    this.known = this.area.value;
    this.area.defaultValue = this.known;
    this.number += 1;
    this.tell({ text: this.known, number: this.number });
  }

  entered() {
    this.used = true;
    this.lost = 0;
  }

  left(event) {
    this.used = false;
    const taken = event.relatedTarget || document.querySelector(":active");
    this.lost = taken ? 0 : performance.now();
    this.close();
    this.keep();
  }

  /** Whether a name is just being written or changed: half a name would become an input of its own. */
  inName() {
    const { value, selectionStart } = this.area;
    const before = value.slice(0, selectionStart);
    return before.lastIndexOf("{{") > before.lastIndexOf("}}") && !/\n/.test(before.slice(before.lastIndexOf("{{")));
  }

  pressed(event) {
    if (event.isComposing) return;
    const offered = this.options.length > 0;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey || (this.data.line && !offered))) {
      event.preventDefault();
      this.close();
      this.keep();
      return;
    }
    if (!offered) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const take = event.key === "Enter" || event.key === "Tab";
    if (step) this.mark((this.marked + step + this.options.length) % this.options.length);
    else if (take && !event.shiftKey) this.choose(this.options[this.marked]);
    else if (event.key === "Escape") this.close();
    else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // -- the coloured layer

  paint() {
    const text = this.area.value;
    const parts = [];
    let done = 0;
    for (const found of text.matchAll(this.pattern)) {
      parts.push(text.slice(done, found.index));
      const chip = document.createElement("span");
      chip.className = found[0].startsWith("{{") ? "fl-prompt-chip" : "fl-prompt-tag";
      chip.textContent = found[0];
      parts.push(chip);
      done = found.index + found[0].length;
    }
    // A line break at the end is only as high as a line with something after it.
    this.layer.replaceChildren(...parts, `${text.slice(done)}\u200b`);
    this.fit();
  }

  fit() {
    this.layer.style.minHeight = "0";
    const height = Math.max(this.data?.height ?? 0, Math.min(TALLEST, this.layer.scrollHeight + 2));
    this.box.style.height = `${height}px`;
    this.scrolled();
  }

  scrolled() {
    this.layer.scrollTop = this.area.scrollTop;
    if (this.options.length) this.place();
  }

  // -- the names that may be put in

  offer() {
    const before = this.area.value.slice(0, this.area.selectionStart);
    const begun = /\{\{[ \t]*([^{}\n]{0,60})$/.exec(before);
    if (!begun || this.area.selectionStart !== this.area.selectionEnd) return this.close();
    const wanted = begun[1].toLowerCase();
    const rank = ({ name }) => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
    this.begun = begun[1].length;
    this.options = this.data.names
      .filter(({ name }) => name.toLowerCase().includes(wanted) && name !== begun[1])
      .sort((one, other) => rank(one) - rank(other))
      .slice(0, MOST);
    if (!this.options.length) return this.close();
    this.list.replaceChildren(...this.options.map((option, at) => this.row(option, at)));
    if (!this.list.matches(":popover-open")) this.list.showPopover();
    this.mark(0);
    this.place();
  }

  row({ name, from }, at) {
    const row = document.createElement("div");
    row.id = `${this.list.id}-${at}`;
    row.setAttribute("role", "option");
    row.dataset.at = at;
    const said = document.createElement("b");
    said.textContent = name;
    const origin = document.createElement("small");
    origin.textContent = from;
    row.append(said, origin);
    return row;
  }

  mark(at) {
    this.marked = at;
    [...this.list.children].forEach((row, other) => row.setAttribute("aria-selected", String(at === other)));
    this.list.children[at].scrollIntoView({ block: "nearest" });
    this.area.setAttribute("aria-activedescendant", `${this.list.id}-${at}`);
  }

  place() {
    const at = this.caret();
    const { width, height } = this.list.getBoundingClientRect();
    const below = at.bottom + 4 + height < window.innerHeight;
    this.list.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - width - 8))}px`;
    this.list.style.top = `${below ? at.bottom + 4 : at.top - height - 4}px`;
  }

  /** Where the caret stands on the screen, found in the layer behind. */
  caret() {
    const range = document.createRange();
    let left = this.area.selectionStart;
    const texts = document.createTreeWalker(this.layer, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = texts.currentNode;
      if (left <= node.length) {
        range.setStart(node, left);
        break;
      }
      left -= node.length;
    }
    return range.getBoundingClientRect();
  }

  choose({ name }) {
    const { area } = this;
    const end = area.selectionStart;
    const after = area.value.slice(end);
    const closed = /^[ \t]*\}\}/.exec(after);
    const gap = this.data.tags && !/\s$/.test(area.value.slice(0, end - this.begun)) ? " " : "";
    const text = `${gap}${name}${closed ? "" : this.data.tags ? " }}" : "}}"}`;
    this.close();
    area.focus();
    area.setSelectionRange(end - this.begun, end);
    // It goes as if typed, so that the browser's own undo knows it.
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, end - this.begun, end, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (closed) {
      const past = area.selectionStart + closed[0].length;
      area.setSelectionRange(past, past);
    }
    this.close();
  }

  close() {
    this.options = [];
    this.area.removeAttribute("aria-activedescendant");
    if (this.list.matches(":popover-open")) this.list.hidePopover();
  }
}
