"""Buttons that save files of a GPT. A browser fetches the file at the click.

Streamlit's own download button fails while the page is drawn anew, or hands out the flow as it was when the page
was drawn.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from flowloom.serve.editor import mint_token
from flowloom.ui.component import component
from flowloom.ui.session import language, t

_mount = component("saving", __name__, "<div class=files></div><p role=alert></p>")

Look = Literal["rows", "button", "tags"]


class File(NamedTuple):
    """What a button says, the path below the flow's address it fetches, and the name it is saved under."""

    label: str
    path: str
    name: str
    icon: str = "download"
    hint: str = ""
    size: str = ""
    as_pixels: bool = False
    """A picture that is fetched as SVG and saved as PNG."""
    holds: str = ""
    """The path of a flow file that such a picture is to hold."""
    options: str = ""
    """How it is to be written, as JSON."""
    prints: bool = False
    """A page that goes to the printer, or into a PDF, instead of a file."""


def save_buttons(flow_id: str, files: Sequence[File], key: str, look: Look) -> None:
    data = {
        "base": f"/flows/{flow_id}",
        "token": mint_token(flow_id, language()),
        "files": [file._asdict() for file in files],
        "failed": t("It couldn’t be loaded. Check that Flowloom is still running, reload the page and try again."),
        "look": look,
    }
    _mount(key=key, data=data, width="content" if look == "button" else "stretch", height="content")


def file_stem(name: str) -> str:
    """The beginning of a file name that every system takes."""
    kept = "".join(letter if letter.isalnum() or letter in " -_" else "-" for letter in name).strip(" -")
    return kept[:60] or "gpt"
