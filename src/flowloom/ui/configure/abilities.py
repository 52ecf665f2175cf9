"""The switches: what a GPT can do beside answering."""

from functools import partial

import streamlit as st

from flowloom.configuration.abilities import Ability, AbilityName
from flowloom.configuration.choices import Switch, UseAgent
from flowloom.configuration.reading import Configuration
from flowloom.editor import Document
from flowloom.ui.configure.choosing import choose, choose_other, draw_blocks, refusal
from flowloom.ui.formatting import count_of
from flowloom.ui.messages import plain
from flowloom.ui.session import language, t

LABELS: dict[AbilityName, tuple[str, str, str]] = {
    "web": ("Web", "Searches the web and reads pages.", "{blocks} for the web"),
    "pictures": ("Pictures", "Makes pictures.", "{blocks} for making pictures"),
    "data": ("Data analysis", "Works on tables people send, with code and charts.", "{blocks} for data analysis"),
    "memory": (
        "Memory",
        "Remembers facts about the person, in every conversation. They can see and delete them in Settings.",
        "{blocks} for memory",
    ),
    "sums": ("Sums and dates", "Calculates exactly and knows the date.", "{blocks} for sums and dates"),
}
"""The label of a switch, what it does, and what blocks are called that do it on the canvas."""


def draw_abilities(document: Document, shown: Configuration) -> None:
    st.markdown("**" + t("Abilities") + "**")
    _draw_why_not(document, shown)
    with st.container(gap="small"):
        for name, ability in shown.abilities.items():
            _switch(document, shown, name, ability)


def _draw_why_not(document: Document, shown: Configuration) -> None:
    """Why nothing can be switched on here, and the way on."""
    if shown.shape == "model":
        problem = refusal(document, UseAgent())
        if problem:
            said = problem.describe(language())
            st.caption(plain(f"{said.message} {said.hint}"))
            return
        st.caption(t("This GPT answers with a Model block, which can’t use tools."))
        st.button(
            t("Use an agent"),
            icon=":material/support_agent:",
            key=f"configure:agent:{document.flow.id}",
            help=t("The Model block becomes an Agent block. Its settings and connections stay."),
            on_click=lambda: choose(document, UseAgent()),
        )
    elif shown.shape in ("several", "drawn"):
        st.caption(t("This GPT was drawn block by block, so abilities are added on the canvas."))


def _switch(document: Document, shown: Configuration, name: AbilityName, ability: Ability) -> None:
    label, help, on_canvas = LABELS[name]
    can_use = shown.shape in ("agent", "bare")
    key = f"configure:{name}:{document.flow.id}:{ability.is_on}:{len(ability.own)}"
    st.toggle(
        t(label),
        ability.is_on,
        help=t(help),
        key=key,
        disabled=bool(ability.own) or not (can_use or ability.is_on),
        on_change=lambda: choose_other(document, ability.is_on, st.session_state[key], partial(Switch, name)),
    )
    draw_blocks(document, t("Set up on the canvas, so this switch leaves it alone:"), ability.own, f"own:{name}")
    said = t(on_canvas, blocks=count_of("block", len(ability.steps)))
    draw_blocks(document, t("On the canvas: {what}", what=said), ability.steps, f"steps:{name}")
