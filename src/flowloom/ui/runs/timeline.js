function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function cell(className, ...content) {
  const made = element("td", className);
  made.setAttribute("role", "cell");
  made.append(...content);
  return made;
}

// An emoji stands as it is; a name is drawn by the font of symbols.
function icon(name) {
  const made = element("i", "", name);
  made.setAttribute("aria-hidden", "true");
  return made;
}

export default function ({ parentElement, data: [data], setTriggerValue }) {
  const { language, labels, rows, summary, total, chosen } = data;
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "medium" });

  const bar = (step) => {
    if (step.start === null) return [element("div", "track"), element("span", "said", step.span)];
    const track = element("div", "track");
    const drawn = element("div", "bar");
    const left = total ? (step.start / total) * 100 : 0;
    // One that took no time at the very end still has to be seen.
    drawn.style.insetInlineStart = `min(${left}%, 100% - 4px)`;
    drawn.style.inlineSize = `${total ? Math.min((step.length / total) * 100, 100 - left) : 100}%`;
    track.append(drawn);
    track.title = step.span;
    return [track, element("span", "said", step.span)];
  };

  const draw = (step) => {
    const row = element("tr", `${step.outcome}${step.depth ? " tool" : ""}${step.id === chosen ? " chosen" : ""}`);
    row.setAttribute("role", "row");
    row.onclick = () => setTriggerValue("chosen", step.id);
    const button = element("button", "");
    button.type = "button";
    button.dataset.id = step.id;
    button.setAttribute("aria-pressed", step.id === chosen);
    button.append(icon(step.icon), step.label);
    const name = cell("name", button);
    name.style.paddingInlineStart = step.depth ? `${step.depth * 1.6 + 0.6}rem` : "";
    if (step.depth) button.prepend(icon("subdirectory_arrow_right"), element("span", "said", labels.tool));
    if (step.said) name.append(element("small", "", step.said));
    row.append(
      name,
      cell("when", ...bar(step)),
      cell("number", step.time),
      cell("number", step.tokens),
      cell("number", step.cost),
    );
    return row;
  };

  const header = (label, place) => {
    const made = element("th", place > 1 ? "number" : "", label);
    made.scope = "col";
    made.setAttribute("role", "columnheader");
    if (place === 1) {
      made.textContent = "";
      const axis = element("div", "axis");
      axis.append(...labels.axis.map((moment) => element("span", "", moment)));
      axis.setAttribute("aria-hidden", "true");
      made.append(element("span", "said", label), axis);
    }
    return made;
  };

  const fact = (label, text, symbol) => {
    if (!text) return [];
    const value = element("dd", "", text);
    value.prepend(icon(symbol));
    return [element("dt", "", label), value];
  };

  const facts = parentElement.querySelector("dl");
  facts.replaceChildren(
    ...fact(labels.state, labels.states[summary.state], labels.icons[summary.state]),
    ...fact(labels.columns[1], moment.format(new Date(summary.started * 1000)), "schedule"),
    ...fact(labels.columns[2], summary.time, "timer"),
    ...fact(labels.columns[3], summary.tokens, "generating_tokens"),
    ...fact(labels.columns[4], summary.cost, "payments"),
    ...fact(labels.model, summary.model, "network_intelligence"),
  );

  const table = parentElement.querySelector("table");
  table.setAttribute("aria-label", labels.title);
  const head = element("tr", "");
  head.setAttribute("role", "row");
  head.append(...labels.columns.map(header));
  const focused = (parentElement.activeElement ?? document.activeElement)?.dataset?.id;
  table.classList.toggle("tokenless", rows.every((step) => !step.tokens));
  table.classList.toggle("free", rows.every((step) => !step.cost));
  table.tHead.replaceChildren(head);
  table.tBodies[0].replaceChildren(...rows.map(draw));
  if (focused) [...table.querySelectorAll("button")].find((each) => each.dataset.id === focused)?.focus();
}
