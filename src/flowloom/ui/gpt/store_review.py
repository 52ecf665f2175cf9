"""The review before a GPT goes into the store, where it is published: started, watched, and told."""

import streamlit as st

from flowloom.errors import Problem
from flowloom.flow.model import Flow
from flowloom.gallery.reviews import Review
from flowloom.rehearsal import attacks
from flowloom.store.reviews import Reviewed, State
from flowloom.ui.edits import attempt
from flowloom.ui.messages import plain, show_problem
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

LOOK_EVERY = 1.0
TOLD: dict[State, tuple[str, str]] = {
    "passed": ("Reviewed: it may go into the store.", "green"),
    "accepted": ("An admin decided that it may go into the store.", "green"),
    "held": ("The review found something that holds it back.", "orange"),
    "asked": ("Somebody who looks after the store has been asked to decide.", "blue"),
    "refused": ("It was refused.", "red"),
}


def draw_review(flow: Flow, key: str) -> None:
    """How the review of this GPT as it is stands, and what can be done."""
    reviews = workspace().gallery.reviews
    under_way, reviewed = reviews.under_way(flow.id), reviews.find(flow)
    with st.container(border=True):
        st.markdown(f"**{t('Review for the store')}**")
        if under_way and not under_way.ended:
            st.fragment(_draw_running, run_every=LOOK_EVERY)(under_way, flow.id, key)
            return
        if under_way and under_way.problem and not reviewed:
            show_problem(under_way.problem)
        if reviewed:
            _draw_reviewed(reviewed, key)
        if reviewed is None or not reviewed.is_good:
            _draw_start(flow, key, again=reviewed is not None)


def _draw_start(flow: Flow, key: str, *, again: bool) -> None:
    st.caption(
        t(
            "Looks for keys, personal data and what the rules of the store forbid, and runs the leak test: "
            "{count} messages to its models. Changing the GPT or a document needs a new review.",
            count=len(attacks()),
        )
    )
    label = t("Review again") if again else t("Start the review")
    st.button(
        label,
        icon=":material/fact_check:",
        key=f"{key}_review",
        on_click=lambda: attempt(lambda: workspace().gallery.reviews.start(flow)),
    )


def _draw_running(review: Review, flow_id: str, key: str) -> None:
    if review.ended:
        st.rerun()
    st.progress(review.share, t("Reviewing…"))
    st.button(t("Stop"), key=f"{key}_stop", on_click=lambda: workspace().gallery.reviews.cancel(flow_id))


def _draw_reviewed(reviewed: Reviewed, key: str) -> None:
    said, color = TOLD[reviewed.state]
    st.markdown(
        f":{color}[:material/fact_check:] {t(said)}" + (f" {plain(reviewed.reason)}" if reviewed.reason else "")
    )
    draw_findings(reviewed.findings)
    if reviewed.state == "held":
        st.button(
            t("Ask for a decision"),
            icon=":material/gavel:",
            key=f"{key}_ask",
            on_click=lambda: attempt(lambda: workspace().gallery.moderation.ask(reviewed)),
        )


def draw_findings(findings: tuple[Problem, ...]) -> None:
    """What was found, the grave first."""
    for found in sorted(findings, key=lambda each: each.severity != "error"):
        said = found.describe(language())
        icon = ":red[:material/block:]" if found.severity == "error" else ":gray[:material/info:]"
        st.markdown(f"{icon} {plain(said.message)} :gray[{plain(said.hint)}]")
