"""Which model answers, and who does when it cannot."""

import streamlit as st

from flowloom.configuration.choices import AnswerInstead, ChooseModel, Face
from flowloom.configuration.fallback import Fallback, Who
from flowloom.configuration.reading import Configuration
from flowloom.editor import Document
from flowloom.locales import translate
from flowloom.run.planning.fixes import SORRY
from flowloom.services.models.settings import ROLES
from flowloom.ui.block.fields import ROLE_LABELS
from flowloom.ui.configure.choosing import choose, draw_blocks
from flowloom.ui.session import t
from flowloom.workspace import workspace

WHO: dict[Who, str] = {
    "nobody": "Nobody: it says what went wrong",
    "text": "A fixed answer",
    "person": "A person: the run waits for their answer",
}
LONGEST = 5_000


def draw_model(document: Document, shown: Configuration) -> None:
    if shown.answering or shown.shape == "bare":
        options = list(dict.fromkeys([*ROLES, *workspace().models.settings.choices(), shown.model]))
        key = f"configure:model:{document.flow.id}:{shown.model}"
        st.selectbox(
            t("Recommended model"),
            options,
            index=options.index(shown.model),
            format_func=lambda choice: t(ROLE_LABELS[choice]) if choice in ROLE_LABELS else choice,
            key=key,
            on_change=lambda: _keep_model(document, shown.model, st.session_state[key]),
        )
    else:
        st.markdown("**" + t("Recommended model") + "**")
        st.caption(t("Several blocks answer here. Each has its own model."))
    draw_blocks(document, t("Blocks that ask another model:"), shown.other_models, "models")


def _keep_model(document: Document, drawn: str, model: str) -> None:
    # Streamlit also calls back for a widget that was just replaced, its value as it was drawn.
    if model != drawn:
        choose(document, ChooseModel(model))


def draw_custom(document: Document) -> None:
    """Whether this GPT heeds what the person who chats wrote for every GPT."""
    on = document.flow.custom_instructions
    key = f"configure:custom:{document.flow.id}:{on}"
    st.toggle(
        t("Use people’s custom instructions"),
        on,
        help=t("What the person who chats wrote in Settings: about them, and how to answer."),
        key=key,
        on_change=lambda: _keep_custom(document, on, st.session_state[key]),
    )


def _keep_custom(document: Document, drawn: bool, on: bool) -> None:
    if on != drawn:
        choose(document, Face({"custom_instructions": on}))


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
        on_change=lambda: _keep_who(document, found, st.session_state[key]),
    )
    if found.who == "text":
        _draw_text(document, found)


def _keep_who(document: Document, drawn: Fallback, who: Who) -> None:
    if who != drawn.who:
        text = translate(SORRY, document.flow.language) if who == "text" else ""
        choose(document, AnswerInstead(who, text))


def _draw_text(document: Document, found: Fallback) -> None:
    key = f"configure:fallback_text:{document.flow.id}:{hash(found.text)}"
    st.text_area(
        t("Fixed answer"),
        found.text,
        max_chars=LONGEST,
        height=90,
        key=key,
        on_change=lambda: _keep_text(document, found.text, st.session_state[key].strip()),
    )


def _keep_text(document: Document, drawn: str, text: str) -> None:
    if text and text != drawn:
        choose(document, AnswerInstead("text", text))
