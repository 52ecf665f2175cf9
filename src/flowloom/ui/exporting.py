"""The rows that save a GPT as a file of the person: its flow, or a picture of it.

A browser fetches the file at the click. Streamlit's own download button fails while the page is drawn anew,
or hands out the flow as it was when the page was drawn.
"""

import streamlit as st

from flowloom.serve.editor import mint_token
from flowloom.ui.session import language, t
from flowloom.ui.speech import name_of

SCRIPT = """
const SCALE = 2;
const MOST = 8192; // Pixels on a side that every browser draws.

async function pixels(svg) {
  const image = new Image();
  image.src = URL.createObjectURL(svg);
  await image.decode();
  const scale = Math.min(SCALE, MOST / image.naturalWidth, MOST / image.naturalHeight);
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * scale;
  canvas.height = image.naturalHeight * scale;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

async function fetched(data, form) {
  const answer = await fetch(`${data.base}/export/${form}`, { headers: { "X-Flowloom-Token": data.token } });
  if (!answer.ok) throw new Error(answer.status);
  return answer.blob();
}

export default function ({ parentElement, data }) {
  const list = parentElement.querySelector(".rows"); // Streamlit puts a div around, which holds the style.
  const said = parentElement.querySelector("p");
  list.classList.toggle("alone", data.alone);
  list.replaceChildren(
    ...data.rows.map(({ form, icon, label, name }) => {
      const button = document.createElement("button");
      button.dataset.icon = icon;
      button.textContent = label;
      button.onclick = async () => {
        said.textContent = "";
        try {
          const blob = await fetched(data, form === "png" ? "svg" : form);
          save(form === "png" ? await pixels(blob) : blob, name);
        } catch {
          said.textContent = data.failed;
        }
      };
      return button;
    }),
  );
}
"""
STYLE = """
.rows {display: grid; gap: 2px;}
button {display: flex; align-items: center; gap: 10px; padding: 8px 10px; border: 0; border-radius: 8px;
  background: none; color: var(--st-text-color); font: inherit; text-align: start; cursor: pointer;}
button::before {content: attr(data-icon); font: 400 20px/1 "Material Symbols Rounded";
  font-feature-settings: "liga"; opacity: 0.75;}
.alone button {gap: 7px; padding: 7px 11px; font-size: 0.9em; border: 1px solid var(--st-border-color);
  border-radius: var(--st-base-radius);}
.alone button::before {font-size: 18px;}
button:hover {background: color-mix(in srgb, var(--st-text-color) 8%, transparent);}
button:focus-visible {outline: 2px solid var(--st-primary-color);}
p {margin: 4px 10px 0; max-width: 32ch; font-size: 0.85em;}
p:empty {display: none;}
"""
_mount = st.components.v2.component(
    "flowloom.export", html="<div class=rows></div><p role=alert></p>", css=STYLE, js=SCRIPT
)


def export_rows(flow_id: str, name: str, key: str) -> None:
    """One row for each form a GPT may leave in."""
    stem = file_stem(name_of(name))
    rows = [
        {"form": "json", "icon": "description", "label": t("Flow file (JSON)"), "name": f"{stem}.flow.json"},
        {"form": "svg", "icon": "shapes", "label": t("Picture to print (SVG)"), "name": f"{stem}.svg"},
        {"form": "png", "icon": "image", "label": t("Picture (PNG)"), "name": f"{stem}.png"},
    ]
    _draw(flow_id, f"/flows/{flow_id}", rows, key)


def export_run(flow_id: str, run_id: str, name: str) -> None:
    """A button that saves all that is known of a run."""
    stem = f"{file_stem(name_of(name))}.run-{run_id[:8]}"
    rows = [{"form": "json", "icon": "download", "label": t("Download as JSON"), "name": f"{stem}.json"}]
    _draw(flow_id, f"/flows/{flow_id}/runs/{run_id}", rows, f"export_run:{run_id}", alone=True)


def _draw(flow_id: str, base: str, rows: list[dict[str, str]], key: str, *, alone: bool = False) -> None:
    data = {
        "base": base,
        "token": mint_token(flow_id, language()),
        "rows": rows,
        "failed": t("It could not be fetched. Is Flowloom still running? Reload the page and try again."),
        "alone": alone,
    }
    _mount(key=key, data=data, width="content" if alone else "stretch", height="content")


def file_stem(name: str) -> str:
    """The beginning of a file name that every system takes."""
    kept = "".join(letter if letter.isalnum() or letter in " -_" else "-" for letter in name).strip(" -")
    return kept[:60] or "gpt"
