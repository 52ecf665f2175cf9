"""Which model answers, and who does when it cannot."""

from functools import partial

import streamlit as st

from flowloom.configuration.choices import AnswerInstead, ChooseModel, Face
from flowloom.configuration.fallback import Fallback, Who
from flowloom.configuration.reading import Configuration
from flowloom.editor import Document
from flowloom.locales import translate
from flowloom.run.planning.fixes import SORRY
from flowloom.ui.block.fields import draw_model_choice
from flowloom.ui.configure.choosing import choose, choose_other, draw_blocks
from flowloom.ui.session import t

WHO: dict[Who, str] = {
    "nobody": "Nobody: it says what went wrong",
    "text": "A fixed answer",
    "person": "A person: the run waits for their answer",
}
LONGEST = 5_000


def draw_model(document: Document, shown: Configuration) -> None:
    if shown.answering or shown.shape == "bare":
        key = f"configure:model:{document.flow.id}:{shown.model}"
        shared = {
            "key": key,
            "on_change": lambda: choose_other(document, shown.model, st.session_state[key], ChooseModel),
        }
        draw_model_choice(t("Recommended model"), shown.model, shared)
    else:
        st.markdown("**" + t("Recommended model") + "**")
        st.caption(t("Several blocks answer here. Each has its own model."))
    draw_blocks(document, t("Blocks that ask another model:"), shown.other_models, "models")


def draw_custom(document: Document) -> None:
    """Whether this GPT heeds what the person who chats wrote for every GPT."""
    on = document.flow.custom_instructions
    key = f"configure:custom:{document.flow.id}:{on}"
    st.toggle(
        t("Use people’s custom instructions"),
        on,
        help=t("What the person who chats wrote in Settings: about them, and how to answer."),
        key=key,
        on_change=lambda: choose_other(
            document, on, st.session_state[key], lambda now: Face({"custom_instructions": now})
        ),
    )


def draw_fallback(document: Document, shown: Configuration) -> None:
    found, label = shown.fallback, t("If it can’t answer")
    if found.who == "drawn" or not (shown.answering or shown.shape == "bare"):
        st.markdown(f"**{label}**")
        blocks = (shown.answering,) if shown.answering else ()
        draw_blocks(document, t("What happens then is set on the canvas:"), blocks, "fallback")
        if not blocks:
            st.caption(t("Each block says what happens when it fails, under “Timeout and errors”."))
        return
    options = [who for who in WHO if who != "person" or shown.can_ask_person or shown.shape == "bare"]
    key = f"configure:fallback:{document.flow.id}:{found.who}"
    st.selectbox(
        label,
        options,
        index=options.index(found.who) if found.who in options else 0,
        format_func=lambda who: t(WHO[who]),
        help=t("Who answers when the model can’t be reached or gives no answer."),
        key=key,
        on_change=lambda: choose_other(document, found.who, st.session_state[key], partial(_instead, document)),
    )
    if found.who == "text":
        _draw_text(document, found)
    if found.who != "nobody":
        said = t("These blocks ask a model as well. Where one of them fails, the run ends and says why:")
        draw_blocks(document, said, shown.unguarded, "unguarded")
        if shown.coverable:
            again = AnswerInstead(found.who, found.text)
            key = f"configure:covered:{document.flow.id}"
            st.button(t("Answer there, too"), key=key, on_click=lambda: choose(document, again))


def _instead(document: Document, who: Who) -> AnswerInstead:
    return AnswerInstead(who, translate(SORRY, document.flow.language) if who == "text" else "")


def _draw_text(document: Document, found: Fallback) -> None:
    key = f"configure:fallback_text:{document.flow.id}:{hash(found.text)}"
    st.text_area(
        t("Fixed answer"),
        found.text,
        max_chars=LONGEST,
        height=90,
        key=key,
        # An empty text leaves the one that was there.
        on_change=lambda: choose_other(
            document,
            found.text,
            st.session_state[key].strip() or found.text,
            partial(AnswerInstead, "text"),
        ),
    )
