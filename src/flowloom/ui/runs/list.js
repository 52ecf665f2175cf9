function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function cell(className, text, icon) {
  const made = element("td", className, text);
  made.setAttribute("role", "cell");
  if (icon) {
    const symbol = element("i", "", icon);
    symbol.setAttribute("aria-hidden", "true");
    made.prepend(symbol);
  }
  return made;
}

export default function ({ parentElement, data: [data], setTriggerValue }) {
  const { language, labels, rows } = data;
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

  // Under its heading a number says enough; on a phone there are no headings.
  const tokens = (run) => {
    const made = cell("number quiet", "");
    if (run.tokens) made.append(element("span", "wide", run.count), element("span", "narrow", run.tokens));
    return made;
  };

  const tick = (run) => {
    const made = cell("tick", "");
    made.onclick = (event) => event.stopPropagation();
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = run.ticked;
    box.disabled = !run.may_tick;
    box.dataset.id = run.id;
    box.setAttribute("aria-label", `${labels.compare}: ${run.asked || labels.wordless}`);
    box.onchange = () => setTriggerValue("ticked", run.id);
    made.append(box);
    return made;
  };

  const draw = (run) => {
    const row = document.createElement("tr");
    row.setAttribute("role", "row");
    row.onclick = () => setTriggerValue("opened", run.id);
    const asked = cell("asked", "");
    const button = element("button", "", run.asked || labels.wordless);
    button.type = "button";
    button.title = run.asked;
    asked.append(button);
    row.append(
      tick(run),
      asked,
      cell("gpt quiet", run.gpt),
      cell(run.state, labels.states[run.state], labels.icons[run.state]),
      cell("quiet", moment.format(new Date(run.started * 1000))),
      cell("number quiet", run.time),
      tokens(run),
      cell("number quiet", run.cost),
    );
    return row;
  };

  const table = parentElement.querySelector("table");
  table.setAttribute("aria-label", labels.title);
  const head = document.createElement("tr");
  head.setAttribute("role", "row");
  const ticks = element("th", "tick", "");
  ticks.append(element("span", "said", labels.compare));
  ticks.scope = "col";
  ticks.setAttribute("role", "columnheader");
  head.append(ticks);
  labels.columns.forEach((label, place) => {
    const made = element("th", place > 3 ? "number" : "", label);
    made.scope = "col";
    made.setAttribute("role", "columnheader");
    head.append(made);
  });
  const focused = (parentElement.activeElement ?? document.activeElement)?.dataset?.id;
  table.tHead.replaceChildren(head);
  table.tBodies[0].replaceChildren(...rows.map(draw));
  if (focused) [...table.querySelectorAll("input")].find((box) => box.dataset.id === focused)?.focus();
}
