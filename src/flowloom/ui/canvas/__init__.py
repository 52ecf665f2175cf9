"""The canvas: our own Streamlit component, where a flow is woven."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from flowloom.ui.canvas.assets import asset_routes, loader
from flowloom.ui.canvas.texts import canvas_texts

__all__ = ["CanvasResult", "asset_routes", "canvas"]

_mount = st.components.v2.component("flowloom.canvas", js=loader(), isolate_styles=False)


@dataclass(frozen=True, slots=True)
class CanvasResult:
    """What the canvas tells the page."""

    selected: tuple[str, ...] = ()
    """The ids of the selected nodes."""
    wants_token: bool = False
    """The token has expired: mount again with a new one, and the kept edits go out."""


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
) -> CanvasResult:
    """Show the flow behind `base`, say `/flows/<id>`; its edits travel by the editor's routes.

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
        data=data,
        default={"selected": []},
        on_selected_change=_ignore,
        on_renew_change=_ignore,
    )
    return CanvasResult(tuple(state.get("selected") or ()), state.get("renew") is not None)


def _ignore() -> None:
    """Streamlit keeps a value only where someone listens."""
