"""What one visit remembers: its language, the GPT that is open, and where to look next."""

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import streamlit as st

from flowloom.locales import LANGUAGES, add_texts, translate
from flowloom.services.files import write_whole
from flowloom.ui.acting import my_folder, require_mine

add_texts(
    {
        language: json.loads((files("flowloom.ui") / "texts" / f"{language}.json").read_text("utf-8"))
        for language in ("zh", "fr")
    }
)


def language() -> str:
    return str(st.session_state.get("language", "en"))


def t(source: str, /, **params: object) -> str:
    """The sentence in the language of this visit."""
    return translate(source, language(), **params)


def read_language() -> None:
    """Take the language from the address, else from this visit, else from the last one."""
    asked = st.query_params.get("lang", "")
    known = asked if asked in LANGUAGES else st.session_state.get("language") or _kept_language()
    st.session_state["language"] = known


def choose_language(chosen: str) -> None:
    st.session_state["language"] = chosen
    st.query_params["lang"] = chosen
    keep_preference("language", chosen)


def language_choice(key: str) -> None:
    """The widget that switches the language at once."""
    # A key of its own per language, so that the widget always shows the one in use.
    name = f"{key}:{language()}"
    st.segmented_control(
        t("Language"),
        list(LANGUAGES),
        default=language(),
        required=True,
        format_func=LANGUAGES.__getitem__,
        key=name,
        on_change=lambda: choose_language(st.session_state[name]),
        label_visibility="collapsed",
    )


def _kept_language() -> str:
    """The language that was chosen last, else the browser's."""
    kept = preference("language")
    return kept if kept in LANGUAGES else language_of_browser(st.context.locale)


def language_of_browser(locale: str | None) -> str:
    """Our language for what a browser asks for, such as `fr-CA` or `zh-Hans-CN`; English where it is not ours."""
    primary = (locale or "").replace("_", "-").split("-")[0].lower()
    return primary if primary in LANGUAGES else "en"


def preference(name: str) -> Any:
    """What was kept for all visits, or None."""
    return _preferences().get(name)


def keep_preference(name: str, value: Any) -> None:
    write_whole(_preferences_file(), json.dumps({**_preferences(), name: value}).encode())


def _preferences() -> dict[str, Any]:
    try:
        kept = json.loads(_preferences_file().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _preferences_file() -> Path:
    return my_folder() / "preferences.json"


def keep_pages(pages: Mapping[str, Any]) -> None:
    st.session_state["pages"] = dict(pages)


def go(page: str, **asked: str) -> None:
    """Leave for another page, whose address then says what is `asked`.

    At once from a callback's rerun, which no other click can overtake.

    Call it in `on_click`. What stands after `if st.button(...)` is lost when a second rerun comes in between.
    """
    st.session_state["going"], st.session_state["going_for"] = page, asked
    st.session_state.pop("dialog", None)


def follow_wish() -> None:
    """Switch to the page someone asked for by `go`."""
    page, asked = st.session_state.pop("going", None), st.session_state.pop("going_for", None)
    if page:
        st.switch_page(st.session_state["pages"][page], query_params=asked or None)


def current_gpt() -> str | None:
    """The GPT in the address, else the one opened last in this visit; the address is kept true to it."""
    asked = st.query_params.get("gpt") or st.session_state.get("gpt")
    if not asked:
        return None
    require_mine(str(asked))
    st.session_state["gpt"] = asked
    if st.query_params.get("gpt") != asked:
        st.query_params["gpt"] = asked
    return str(asked)


def open_base(base_id: str) -> None:
    """Open a shared knowledge base on the page Knowledge. Call it in `on_click`, as `go`."""
    st.session_state["base"] = base_id
    go("knowledge")


def current_base() -> str | None:
    """The shared knowledge base that is open in this visit, if one is."""
    base_id: str | None = st.session_state.get("base")
    return base_id


def is_phone() -> bool:
    """Whether the browser says of itself that it is one of a phone, where the canvas is behind a tab."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def go_through(flow_id: str, run_id: str) -> None:
    """Have the canvas show a run step by step."""
    before = st.session_state.get("replay") or {"nonce": 0}
    st.session_state["replay"] = {"flow": flow_id, "run": run_id, "nonce": before["nonce"] + 1}


def asked_replay(flow_id: str) -> dict[str, Any] | None:
    """What the canvas of a flow is to go through."""
    asked = st.session_state.get("replay")
    if not asked or asked["flow"] != flow_id:
        return None
    return {"run": asked["run"], "nonce": asked["nonce"]}


def forget_replay() -> None:
    """A canvas that is opened anew begins without one."""
    st.session_state.pop("replay", None)
