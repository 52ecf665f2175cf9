"""Choosing what is measured: each evaluator with what it says and where it misleads, and its settings."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from pydantic import ValidationError

from flowloom.evaluation.evaluators.all import EVALUATORS, EVERY
from flowloom.evaluation.evaluators.evaluator import Evaluator
from flowloom.evaluation.evaluators.judging import JUDGE, JudgeConfig
from flowloom.flow.model import Flow
from flowloom.store.datasets import Rows
from flowloom.store.experiments import Chosen
from flowloom.ui.block.fields import draw_field, draw_model_choice, fields_of
from flowloom.ui.evaluate.agreement import draw_agreement
from flowloom.ui.messages import names_of_gpts, plain
from flowloom.ui.session import t


def draw_measures(flow: Flow, rows: Rows) -> tuple[Chosen, ...]:
    """What is measured, with its settings."""
    has_expected = any(row.expected for row in rows.rows)
    offered = [each.id for each in EVERY if has_expected or not each.needs_expected]
    known = {each.id: each.config for each in rows.measures}
    usual = [id for id in offered if id in known]
    chosen = st.multiselect(
        t("What to measure"),
        offered,
        default=usual or (["contains", "time"] if has_expected else ["time"]),
        format_func=lambda id: t(EVALUATORS[id].title),
        key=f"measures:{has_expected}:{usual}",
    )
    if not has_expected:
        st.caption(t("This dataset says nothing of what is expected, so answers can’t be compared with it."))
    return tuple(_draw_one(EVALUATORS[id], known.get(id, {}), flow, rows) for id in chosen)


def _draw_one(evaluator: Evaluator, known: Mapping[str, Any], flow: Flow, rows: Rows) -> Chosen:
    with st.expander(
        t(evaluator.title), icon=":material/straighten:", expanded=evaluator.config.model_fields != {}
    ):
        st.markdown(plain(t(evaluator.measures)))
        st.caption(":material/warning: " + plain(t(evaluator.misleads)))
        config = _draw_config(evaluator, known)
        if evaluator is JUDGE:
            draw_agreement(flow, rows, JudgeConfig.model_validate(config))
        return Chosen(id=evaluator.id, config=config)


def _draw_config(evaluator: Evaluator, known: Mapping[str, Any]) -> dict[str, Any]:
    config: dict[str, Any] = {}
    for field in fields_of(evaluator.config):
        key = f"measure:{evaluator.id}:{field.name}"
        default = known.get(field.name, evaluator.config.model_fields[field.name].default)
        if field.name == "model":
            draw_model_choice(t(field.label), default, {"key": key})
        elif field.name == "gpt":
            _draw_gpt(t(field.label), key)
        elif field.name == "rubric":
            st.text_area(t(field.label), t(default), key=key, height=100)
        else:
            draw_field(field, default, key, lambda: None)
        config[field.name] = st.session_state.get(key, default)
    return _checked(evaluator, config)


def _checked(evaluator: Evaluator, config: dict[str, Any]) -> dict[str, Any]:
    try:
        return evaluator.config.model_validate(config).model_dump()
    except ValidationError:
        st.error(t("These settings don’t fit. The usual ones are used."))
        return {}


def _draw_gpt(label: str, key: str) -> None:
    names = names_of_gpts()
    st.selectbox(label, list(names), index=None, format_func=lambda id: names.get(id, id), key=key)
