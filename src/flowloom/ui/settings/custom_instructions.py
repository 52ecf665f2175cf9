"""Custom instructions: what every GPT should know about the person, and how it should answer."""

import streamlit as st

from flowloom.services.custom_instructions import (
    LONGEST,
    CustomInstructions,
    load_custom_instructions,
    save_custom_instructions,
)
from flowloom.ui.acting import my_folder
from flowloom.ui.session import t

FIELDS = {
    "about": ("What GPTs should know about you", "I teach maths to 12-year-olds in Lyon."),
    "answer": ("How they should answer", "Briefly, with an example. Use metric units."),
}


def draw_custom_instructions() -> None:
    kept = load_custom_instructions(my_folder())
    st.caption(t("Every GPT reads this, unless it is switched off here or in the GPT under Configure."))
    st.toggle(
        t("Use custom instructions"),
        kept.on,
        key=f"custom:on:{kept.on}",
        on_change=lambda: _keep(on=st.session_state[f"custom:on:{kept.on}"]),
    )
    for name, (label, example) in FIELDS.items():
        value = str(getattr(kept, name))
        key = f"custom:{name}:{hash(value)}"
        st.text_area(
            t(label),
            value,
            max_chars=LONGEST,
            height=110,
            placeholder=t("For example: {example}", example=t(example)),
            key=key,
            on_change=lambda name=name, key=key: _keep(**{name: st.session_state[key]}),
        )


def _keep(**changes: str | bool) -> None:
    home = my_folder()
    kept = load_custom_instructions(home)
    save_custom_instructions(home, CustomInstructions.model_validate({**kept.model_dump(), **changes}))
