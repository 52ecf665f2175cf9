"""The files of a message: pictures as pictures, and each by name and size with a way to save it.

A browser fetches the file at the click, as in `exporting.py`.
"""

from collections.abc import Sequence

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.kinds.values import Attachment
from flowloom.serve.editor import mint_token
from flowloom.services.pictures import thumbnail
from flowloom.ui.figures import size_of
from flowloom.ui.session import language, t
from flowloom.ui.speech import plain
from flowloom.workspace import workspace

WIDTH = 240
"""Pixels a picture is wide at most; twice that is sent for fine screens."""

SCRIPT = """
async function saved(data, file) {
  const answer = await fetch(`${data.base}/files/${file.id}`, { headers: { "X-Flowloom-Token": data.token } });
  if (!answer.ok) throw new Error(answer.status);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

export default function ({ parentElement, data }) {
  const said = parentElement.querySelector("p");
  parentElement.querySelector("div").replaceChildren(
    ...data.files.map((file) => {
      const button = document.createElement("button");
      const size = document.createElement("small");
      size.textContent = file.size;
      button.append(file.name, size);
      button.title = data.save;
      button.onclick = async () => {
        said.textContent = "";
        await saved(data, file).catch(() => (said.textContent = data.failed));
      };
      return button;
    }),
  );
}
"""
STYLE = """
div {display: flex; flex-wrap: wrap; gap: 6px;}
button {display: flex; align-items: center; gap: 6px; max-width: 100%; padding: 3px 10px 3px 6px; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: 8px; background: none; color: var(--st-text-color);
  font: inherit; font-size: 0.85em; text-align: start; overflow-wrap: anywhere;}
button::before {content: "download"; font: 400 16px/1 "Material Symbols Rounded"; font-feature-settings: "liga";
  opacity: 0.75;}
button:hover {background: color-mix(in srgb, var(--st-text-color) 8%, transparent);}
button:focus-visible {outline: 2px solid var(--st-primary-color);}
small {opacity: 0.7; white-space: nowrap;}
p {margin: 4px 0 0; font-size: 0.85em;}
p:empty {display: none;}
"""
_mount = st.components.v2.component("flowloom.files", html="<div></div><p role=alert></p>", css=STYLE, js=SCRIPT)


def draw_attachments(flow_id: str, files: Sequence[Attachment], key: str) -> None:
    if not files:
        return
    pictures = [file for file in files if file.media_type.startswith("image/") and not file.text]
    for file in pictures:
        _picture(flow_id, file)
    if pictures:
        st.caption(t("Pictures are only kept and shown: the models of this GPT read text."))
    rows = [{"id": file.id, "name": file.name, "size": size_of(file.size)} for file in files]
    failed = t("It could not be fetched. Is Flowloom still running? Reload the page and try again.")
    data = {"base": f"/flows/{flow_id}", "token": mint_token(flow_id, language()), "files": rows}
    _mount(key=key, data=data | {"save": t("Save this file"), "failed": failed}, height="content")


def _picture(flow_id: str, file: Attachment) -> None:
    small = _small(flow_id, file.id)
    if small:
        st.image(small, caption=plain(file.name), width=WIDTH)


@st.cache_data(max_entries=200, show_spinner=False)
def _small(flow_id: str, attachment: str) -> bytes | None:
    """A picture small enough to be sent with every drawing of the page."""
    data = workspace().runs.attachment(flow_id, attachment)
    try:
        return thumbnail(data[1], 2 * WIDTH) if data else None
    except FlowloomError:
        return None
