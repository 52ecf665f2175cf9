"""An answer token by token: how likely each was as its colour, and what could have stood there instead."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from flowloom.studio.pieces import Choice, Piece, Place
from flowloom.ui.component import component
from flowloom.ui.formatting import number
from flowloom.ui.session import language, t

HTML = "<div class=answer><p class=begun></p><div class=text role=group></div><div class=others hidden></div></div>"
_mount = component("tokens", __name__, HTML)
MOST = 2_000
"""Pieces that are shown."""


def draw_tokens(
    pieces: Sequence[Piece], begun: str, key: str, on_pick: Callable[[], None], *, may_pick: bool
) -> None:
    """Show an answer; `picked(key, pieces)` tells in `on_pick` what a person took instead."""
    labels = {
        "answer": t("Answer, token by token"),
        "end": t("end of the answer"),
        "part": t("part of a character"),
        "go_on": t("Continue from here"),
        "close": t("Close"),
        "instead": t("Likely in its place"),
        "token": t("Token {number} of {total}"),
    }
    rows = [_row(piece) for piece in pieces[:MOST]]
    data = {"language": language(), "labels": labels, "begun": begun, "pieces": rows, "may_pick": may_pick}
    _mount(key=key, data=data, height="content", on_picked_change=on_pick)


def picked(key: str, pieces: Sequence[Piece]) -> str | None:
    """The beginning that was just chosen: the answer up to and with the token that was taken."""
    told = (st.session_state.get(key) or {}).get("picked")
    match told:
        case [int(piece), int(place), int(choice)]:
            found = [each for part in pieces[piece : piece + 1] for each in part.places[place : place + 1]]
            return next((each.begun for one in found for each in one.choices[choice : choice + 1]), None)
    return None


def percent(chance: float) -> str:
    """A share as a person reads it: never 0 % where something is possible, nor 100 % where it isn’t sure."""
    share = 100 * chance
    if 0 < share < 0.1:
        return "< " + t("{count} %", count=number(0.1, 1))
    if 99.9 < share < 100:
        return "> " + t("{count} %", count=number(99.9, 1))
    return t("{count} %", count=number(share, 1 if share < 10 or share > 99 else 0))


def _row(piece: Piece) -> dict[str, Any]:
    return {
        "text": piece.text,
        "chance": round(piece.chance, 4),
        "said": percent(piece.chance),
        "places": [_place(each) for each in piece.places],
    }


def _place(place: Place) -> list[dict[str, Any]]:
    return [_choice(each) for each in place.choices]


def _choice(choice: Choice) -> dict[str, Any]:
    return {
        "text": choice.text,
        "said": percent(choice.chance),
        "chance": round(choice.chance, 4),
        "own": choice.is_own,
        "pick": choice.begun is not None,
    }
