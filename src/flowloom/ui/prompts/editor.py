"""The editor of a text with `{{names}}`: they stand as coloured chips, and `{{` offers those there are."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import streamlit as st

from flowloom.nodes.templates import PLACEHOLDER
from flowloom.ui.component import component
from flowloom.ui.session import t

HTML = """
<div class="fl-prompt">
  <div class="fl-prompt-head"><label></label><button type="button" class="fl-prompt-help"></button></div>
  <div class="fl-prompt-box"><pre aria-hidden="true"></pre>
    <textarea rows="1" aria-autocomplete="list" aria-haspopup="listbox"></textarea></div>
  <p class="fl-prompt-hint"></p>
  <div class="fl-prompt-names" role="listbox" popover="manual"></div>
</div>
"""
# In the page itself rather than a shadow of it: there, the canvas would take what is typed for its shortcuts.
_mount = component("prompt", __name__, HTML, isolate_styles=False)


class Name(NamedTuple):
    """A name that may be put in, and where its value comes from."""

    name: str
    origin: str


class Typed(NamedTuple):
    """What was typed, and the how manieth time it was sent."""

    text: str
    number: int


def prompt_editor(
    label: str,
    value: str,
    key: str,
    on_change: Callable[[], None],
    *,
    seen: int,
    refused: bool,
    names: Sequence[Name] = (),
    tags: bool = False,
    code: bool = False,
    help: str = "",
    example: str = "",
    height: int = 160,
    line: bool = False,
) -> None:
    """Show the text for editing; `typed_in(key)` tells in `on_change` what was typed.

    `seen` is the highest number that came back, `refused` whether its text was not kept. `tags` colours what
    stands in `{% %}` too; `code` is written in letters of one width; `line` is for a text without line breaks.
    """
    data: dict[str, Any] = {
        "key": sha256(key.encode()).hexdigest()[:12],
        "label": label,
        "value": value,
        "seen": seen,
        "refused": refused,
        "names": [{"name": name.name, "from": name.origin} for name in names],
        "pattern": PLACEHOLDER.pattern,
        "tags": tags,
        "code": code,
        "help": help,
        "example": example,
        "hint": "" if line else t("Type {{ to insert a value."),
        "names_label": t("Values you can insert"),
        "height": height,
        "line": line,
    }
    _mount(key=key, data=data, on_said_change=on_change)


def typed_in(key: str) -> Typed | None:
    """What came last from the editor with this key."""
    said = (st.session_state.get(key) or {}).get("said")
    return Typed(str(said["text"]), int(said["number"])) if said else None
