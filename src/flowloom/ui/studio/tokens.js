function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/* A sign for what would be seen as nothing. */
function shown(text, labels) {
  if (!text) return "∎";
  if (text.trim()) return text;
  return text.replaceAll("\n", "↵").replaceAll("\t", "⇥").replaceAll(" ", "␣");
}

export default function ({ parentElement, data: [data], setTriggerValue }) {
  const { labels, pieces } = data;
  const root = parentElement.querySelector(".answer");
  const text = root.querySelector(".text");
  const others = root.querySelector(".others");
  let open = -1;
  let pinned = false;
  let leaving = 0;
  let quiet = false;

  root.querySelector(".begun").textContent = data.begun;
  text.setAttribute("aria-label", labels.answer);

  const named = (piece) => (piece.text ? shown(piece.text, labels) : labels.end);

  const choice = (piece, place, number) => {
    const one = pieces[piece].places[place][number];
    const line = element("li", one.own ? "own" : "", "");
    const button = element("button", "choice", "");
    button.type = "button";
    button.disabled = !data.may_pick || !one.pick || one.own;
    const word = element("span", "word", one.text ? shown(one.text, labels) : labels.end);
    const bar = element("span", "bar", "");
    bar.style.setProperty("--chance", one.chance);
    button.append(word, bar, element("span", "said", one.said));
    const loose = !one.pick && one.text ? `, ${labels.part}` : "";
    button.setAttribute("aria-label", `${one.text || labels.end}, ${one.said}${loose}`);
    if (!button.disabled) button.title = labels.go_on;
    button.onclick = () => {
      close();
      setTriggerValue("picked", [piece, place, number]);
    };
    line.append(button);
    return line;
  };

  const fill = (at) => {
    const heading = element("p", "title", labels.instead);
    const shut = element("button", "shut", "×");
    shut.type = "button";
    shut.setAttribute("aria-label", labels.close);
    shut.onclick = () => leave(true);
    const lists = pieces[at].places.map((place, number) => {
      const list = document.createElement("ul");
      list.append(...place.map((_, each) => choice(at, number, each)));
      return list;
    });
    others.replaceChildren(heading, shut, ...lists);
    others.setAttribute("role", "group");
    others.setAttribute("aria-label", `${labels.instead}: ${named(pieces[at])}`);
  };

  const place = (at) => {
    const token = text.children[at];
    const box = token.getClientRects()[0] ?? token.getBoundingClientRect();
    const outer = root.getBoundingClientRect();
    others.hidden = false;
    const room = Math.max(0, outer.width - others.offsetWidth);
    others.style.left = `${Math.min(Math.max(0, box.left - outer.left), room)}px`;
    others.style.top = `${box.bottom - outer.top}px`;
  };

  const show = (at) => {
    clearTimeout(leaving);
    if (open !== at) {
      if (open >= 0) text.children[open]?.classList.remove("open");
      open = at;
      text.children[at].classList.add("open");
      fill(at);
    }
    place(at);
  };

  const close = () => {
    clearTimeout(leaving);
    if (open >= 0) text.children[open]?.classList.remove("open");
    open = -1;
    pinned = false;
    others.hidden = true;
  };

  const leave = (back) => {
    const at = open;
    close();
    if (!back || at < 0) return;
    // Who closes the list gets back to its token, which does not open it anew.
    quiet = true;
    text.children[at].focus();
    quiet = false;
  };

  const later = () => {
    clearTimeout(leaving);
    if (!pinned) leaving = setTimeout(close, 200);
  };

  const roam = (at) => {
    const next = Math.min(pieces.length - 1, Math.max(0, at));
    for (const each of text.children) each.tabIndex = -1;
    text.children[next].tabIndex = 0;
    text.children[next].focus();
  };

  const key = (event, at) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) roam(at + step);
    else if (event.key === "Home") roam(0);
    else if (event.key === "End") roam(pieces.length - 1);
    else if (event.key === "ArrowDown" && open === at) others.querySelector(".choice:not(:disabled)")?.focus();
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" || event.key === " ") text.children[at].click();
    else return;
    event.preventDefault();
  };

  const token = (piece, at) => {
    // Not a button, which would break a word where a line ends.
    const made = element("span", piece.text ? "token" : "token end", piece.text.replaceAll("\n", "↵\n") || "∎");
    made.setAttribute("role", "button");
    made.tabIndex = at ? -1 : 0;
    made.style.setProperty("--doubt", `${Math.round((1 - piece.chance) * 62)}%`);
    const where = labels.token.replace("{number}", at + 1).replace("{total}", pieces.length);
    made.setAttribute("aria-label", `${named(piece)}, ${piece.said}. ${where}`);
    made.onmouseenter = () => !pinned && show(at);
    made.onmouseleave = later;
    made.onfocus = () => quiet || show(at);
    made.onclick = () => {
      show(at);
      pinned = true;
    };
    made.onkeydown = (event) => key(event, at);
    return made;
  };

  others.onmouseenter = () => clearTimeout(leaving);
  others.onmouseleave = later;
  others.onkeydown = (event) => {
    const all = [...others.querySelectorAll(".choice:not(:disabled)")];
    const at = all.indexOf(parentElement.activeElement ?? document.activeElement);
    if (event.key === "Escape") leave(true);
    else if (event.key === "ArrowDown") all[Math.min(all.length - 1, at + 1)]?.focus();
    else if (event.key === "ArrowUp") at > 0 ? all[at - 1].focus() : text.children[open]?.focus();
    else return;
    event.preventDefault();
  };
  root.onfocusout = (event) => {
    if (!event.relatedTarget || !root.contains(event.relatedTarget)) later();
  };
  close();
  text.replaceChildren(...pieces.map(token));
  return () => clearTimeout(leaving);
}
