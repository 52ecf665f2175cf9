"""The canvas: our own Streamlit component, where a flow is woven."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from flowloom.ui.canvas.assets import asset_routes, loader
from flowloom.ui.canvas.texts import canvas_texts
from flowloom.ui.component import in_list

__all__ = ["asset_routes", "canvas"]

_mount = st.components.v2.component("flowloom.canvas", js=loader(), isolate_styles=False)


def canvas(
    *,
    base: str,
    token: str,
    catalog: Mapping[str, Any],
    key: str,
    language: str = "en",
    read_only: bool = False,
    focus: Mapping[str, Any] | None = None,
    replay: Mapping[str, Any] | None = None,
    height: int = 720,
) -> tuple[str, ...]:
    """Show the flow behind `base`, say `/flows/<id>`, and tell the ids of the nodes that are selected.

    Edits travel by the editor's routes; once the token has expired, the canvas asks for a new drawing with another.
    It asks for one as well when documents were added, which the page then shows.

    `focus`, `{"node": id, "nonce": n}`, centres and selects a node whenever the nonce is a new one;
    `replay`, `{"run": id, "nonce": n}`, goes through a run of the flow step by step.
    Keep `token` the same over reruns until it has to change, as a new one sends the catalog anew.
    """
    data = {
        "base": base,
        "token": token,
        "catalog": {"texts": canvas_texts(language), **catalog},
        "language": language,
        "read_only": read_only,
        "focus": dict(focus) if focus else None,
        "replay": dict(replay) if replay else None,
        "height": height,
    }
    state = _mount(
        key=key,
        data=in_list(data),
        default={"selected": []},
        on_selected_change=_ignore,
        on_renew_change=_ignore,
        on_added_change=_ignore,
    )
    return tuple(state.get("selected") or ())


def _ignore() -> None:
    """Streamlit keeps a value only where someone listens."""
