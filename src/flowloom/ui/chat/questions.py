"""A question to a person: what is shown, and the way to answer it."""

from typing import Any

import streamlit as st

from flowloom.errors import FlowloomError
from flowloom.kinds.people import FormField, Question, Reply
from flowloom.store.questions import Asked
from flowloom.ui.chat.answer_text import draw_answer_text
from flowloom.ui.formatting import ago, moment_of
from flowloom.ui.messages import plain
from flowloom.ui.session import language, t
from flowloom.workspace import workspace

LIMIT = 2_000
"""Characters of a comment."""
NOT_SENT = "Nothing has been sent yet. You can change “Always” and “Never” later in Settings → Data permissions."


def draw_question(asked: Asked, place: str) -> None:
    """The question as a card; `place` tells apart the places that show the same one."""
    question, key = asked.question, f"{place}:{asked.id}"
    with st.container(border=True, key=f"question:{key}"):
        st.markdown(f":material/front_hand: **{_title(question)}**")
        if question.text:
            draw_answer_text(question.text, key)
        if question.exact:
            st.code(question.exact, language=None, wrap_lines=True)
            st.caption(t(NOT_SENT))
        _draw_form(asked, key) if question.fields else _draw_choices(asked, key)
        _draw_deadline(question)
        problem = st.session_state.get(f"unanswered:{asked.id}")
        if problem:
            st.warning(problem)


def draw_answered(asked: Asked) -> None:
    """One line of what was asked and what somebody said to it."""
    reply = asked.reply
    assert reply is not None
    said = _said(asked.question, reply)
    how = t("answered {when}", when=ago(reply.at)) if reply.in_time else t("nobody replied in time")
    st.markdown(f"{_title(asked.question)} → **{said}** :gray[{how}]")
    if reply.comment:
        st.caption(plain(reply.comment))


def _title(question: Question) -> str:
    return plain(question.title_in(language()))


def _said(question: Question, reply: Reply) -> str:
    chosen = next((choice for choice in question.choices if choice.id == reply.choice), None)
    if chosen:
        return plain(chosen.label_in(language()))
    return plain(", ".join(f"{name}: {value}" for name, value in reply.values.items())) or "…"


def _draw_deadline(question: Question) -> None:
    if question.deadline is not None:
        st.caption(":material/schedule: " + t("Answer by {when}", when=moment_of(question.deadline)))


def _draw_choices(asked: Asked, key: str) -> None:
    comment = f"comment:{key}"
    if asked.question.remark:
        st.text_input(
            t("Comment"),
            placeholder=t("Add a comment (optional)"),
            label_visibility="collapsed",
            max_chars=LIMIT,
            key=comment,
        )
    with st.container(horizontal=True):
        for number, choice in enumerate(asked.question.choices):
            st.button(
                plain(choice.label_in(language())),
                type="secondary" if number else "primary",
                key=f"choice:{key}:{choice.id}",
                on_click=lambda id=choice.id: _answer(
                    asked, Reply(choice=id, comment=st.session_state.get(comment, "").strip())
                ),
            )


def _draw_form(asked: Asked, key: str) -> None:
    fields = asked.question.fields
    keys = [f"field:{key}:{number}" for number in range(len(fields))]
    for field, name in zip(fields, keys, strict=True):
        _draw_field(field, name)
    st.button(
        t("Send"),
        type="primary",
        key=f"send:{key}",
        on_click=lambda: _send(asked, {f.name: st.session_state.get(k) for f, k in zip(fields, keys, strict=True)}),
    )


def _draw_field(field: FormField, key: str) -> None:
    label = plain(field.name) + ("" if field.required else f" :gray[({t('optional')})]")
    match field.type:
        case "boolean":
            st.checkbox(label, value=bool(field.value), key=key)
        case "number":
            known = float(field.value) if isinstance(field.value, int | float) else None
            st.number_input(label, value=known, key=key)
        case _:
            st.text_input(
                label, value="" if field.value is None else str(field.value), max_chars=LIMIT * 5, key=key
            )


def _send(asked: Asked, values: dict[str, Any]) -> None:
    missing = [field.name for field in asked.question.fields if field.required and values[field.name] in (None, "")]
    if missing:
        names = ", ".join(missing)
        st.session_state[f"unanswered:{asked.id}"] = t("Please fill in: {names}.", names=plain(names))
        return
    _answer(asked, Reply(values=values))


def _answer(asked: Asked, reply: Reply) -> None:
    st.session_state.pop(f"unanswered:{asked.id}", None)
    try:
        workspace().inbox.answer(asked.id, reply)
    except FlowloomError as error:
        st.toast(str(error.problem.describe(st.session_state.get("language", "en"))), icon=":material/info:")
