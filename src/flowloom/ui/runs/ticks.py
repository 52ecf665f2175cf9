"""The runs that are ticked in the list, to be compared: two or three of one GPT."""

from collections.abc import Callable, Sequence

import streamlit as st

from flowloom.store.ledger import RunEntry
from flowloom.ui.runs.compare import LEAST, MOST
from flowloom.ui.session import t
from flowloom.workspace import workspace

KEY = "runs_ticked"


def ticked() -> list[str]:
    """In the order in which they were ticked; those that are gone are left out."""
    known = [run_id for run_id in st.session_state.get(KEY, ()) if workspace().ledger.entry(run_id)]
    st.session_state[KEY] = known
    return known


def tick(run_id: str | None) -> None:
    """Set or take away the tick of a run."""
    known = ticked()
    if run_id in known:
        known.remove(run_id)
    elif run_id and len(known) < MOST:
        known.append(run_id)


def tickable() -> Callable[[RunEntry], bool]:
    """Whether a run can be compared with those that are ticked."""
    known = ticked()
    first = workspace().ledger.entry(known[0]) if known else None
    return lambda entry: len(known) < MOST and (first is None or first.flow == entry.flow)


def draw_ticked() -> None:
    """The way to the comparison. It is there before anything is ticked, so that the list does not jump."""
    count = len(ticked())
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(t("Select two or three runs of one GPT to compare them."), width="content")
        with st.container(horizontal=True, width="content"):
            if count:
                st.button(t("Clear selection"), type="tertiary", key="runs_untick", on_click=_clear)
            st.button(
                t("Compare"),
                icon=":material/compare_arrows:",
                key="runs_compare",
                disabled=count < LEAST,
                on_click=_compare,
            )


def _clear() -> None:
    st.session_state[KEY] = []


def _compare() -> None:
    entries = [entry for run_id in ticked() if (entry := workspace().ledger.entry(run_id))]
    compare([entry.id for entry in sorted(entries, key=lambda entry: entry.started)])


def compare(run_ids: Sequence[str]) -> None:
    """Have the page show these runs side by side. Call it in `on_click`."""
    st.query_params["compare"] = ",".join(run_ids)
    st.query_params.pop("run", None)
