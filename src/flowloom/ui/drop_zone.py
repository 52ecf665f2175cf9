"""Where files are dropped or chosen: they go straight to the disk of the server, and the window reads them there.

Streamlit's own file uploader holds every file in the memory of the server for as long as the page is open.
"""

from collections.abc import Callable, Sequence
from uuid import uuid4

import streamlit as st

from flowloom.serve.page_token import mint_token
from flowloom.store.uploads import MOST_BYTES, Upload
from flowloom.ui.component import component
from flowloom.ui.formatting import size_of
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

HTML = "<div class=zone></div><ul></ul><p role=alert></p><p role=status></p>"
_mount = component("drop_zone", __name__, HTML)


def window_of(name: str) -> str:
    """Under which the files of a window are kept until `forget_files` is called with the same name."""
    window: str = st.session_state.setdefault(f"{name}_window", f"{name}-{uuid4().hex}")
    return window


def draw_drop_zone(name: str, endings: Sequence[str]) -> list[Upload]:
    """The files that were dropped, kept until `forget_files` is called with the same name."""
    return _draw(name, endings, t("or drop them here"), lambda: None)


def take_dropped(name: str, endings: Sequence[str], then: Callable[[], None]) -> None:
    """Where no such zone is open yet: what is dropped anywhere on the page is taken, and `then` told."""
    _draw(name, endings, t("Drop to import"), then, page=True)


def _draw(
    name: str, endings: Sequence[str], words: str, then: Callable[[], None], *, page: bool = False
) -> list[Upload]:
    window = window_of(name)
    there, megabytes = workspace().uploads.of(window), MOST_BYTES // 1_000_000
    data = {
        "base": f"/flows/{window}/uploads",
        "token": mint_token(window, language()),
        "endings": list(endings),
        "most": MOST_BYTES,
        "page": page,
        "files": [{"id": each.id, "name": each.name, "size": size_of(each.size)} for each in there],
        "texts": {
            "drop": words,
            "choose": t("Choose files"),
            "limit": t("Up to {size} MB", size=megabytes),
            "remove": t("Remove “{file}”", file="{file}"),
            "sending": t("Taking in “{file}”: {percent} %", file="{file}", percent="{percent}"),
            "taken": t("“{file}” is here.", file="{file}"),
            "type": t("“{file}” is a type of file that can’t be imported.", file="{file}"),
            "stays": t("“{file}” couldn’t be removed. Reload the page.", file="{file}"),
            "large": t("“{file}” is too large: up to {size} MB are taken.", file="{file}", size=megabytes),
            "lost": t(
                "“{file}” didn’t arrive. Check that Flowloom is still running, then drop it again.", file="{file}"
            ),
        },
    }
    key = f"{name}_page" if page else f"{name}_zone"
    _mount(key=key, data=data, width="stretch", height="content", on_changed_change=then)
    return there


def forget_files(name: str) -> None:
    """Remove what was dropped."""
    if window := st.session_state.pop(f"{name}_window", None):
        workspace().uploads.remove(window)
