"""Which GPT something is for: the one that is open, unless the person says otherwise."""

import streamlit as st

from flowloom.ui.session import t


def choose_gpt(names: dict[str, str], key: str) -> str:
    """The id of the GPT that was chosen among these, of which there is at least one."""
    gpts = sorted(names, key=lambda id: names[id].casefold())
    here = st.session_state.get("gpt")
    chosen: str = st.selectbox(
        t("GPT"),
        gpts,
        index=gpts.index(here) if here in names else 0,
        format_func=lambda id: names.get(id, ""),
        key=key,
    )
    return chosen


def look_at_run(run: str) -> None:
    """Close the window that is open, and show a run; call it in `on_click`."""
    st.session_state.pop("dialog", None)
    st.query_params["run"] = run
