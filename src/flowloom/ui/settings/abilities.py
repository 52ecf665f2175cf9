"""What a model was found to do, in words, and finding it out."""

import asyncio

import streamlit as st

from flowloom.errors import FlowloomError, Problem
from flowloom.services.models.abilities import measure
from flowloom.services.models.settings import Abilities, ModelSettings, Provider
from flowloom.ui.formatting import number
from flowloom.ui.messages import plain
from flowloom.ui.session import t
from flowloom.workspace import workspace

FORMS = {
    "schema": "fills in forms exactly",
    "json": "fills in forms",
    "words": "fills in forms when told how in words",
    "": "doesn’t fill in forms",
}
GOOD, BAD = ":green[:material/check:]", ":orange[:material/close:]"


def measured(provider: Provider, model: str) -> Problem | None:
    """Find out what a model can do and keep it; why that was not possible."""
    home = workspace()
    try:
        found = asyncio.run(measure(provider, model, home.secrets))
    except FlowloomError as error:
        return error.problem
    settings = home.models.settings
    abilities = {**settings.abilities, f"{provider.id}/{model}": found}
    home.models_changed(settings.model_copy(update={"abilities": abilities}))
    return None


def draw_abilities(settings: ModelSettings, provider: Provider) -> None:
    """A line for each model of the provider that was tested."""
    for model in provider.models:
        found = settings.abilities.get(f"{provider.id}/{model}")
        if found:
            st.caption(f"**{plain(model)}**  \n{'  '.join(told(found))}")


def told(found: Abilities) -> list[str]:
    """What it can and cannot do, each with its sign."""
    signs = [
        (found.streams, t("answers word by word") if found.streams else t("answers all at once")),
        (found.tools, t("calls tools") if found.tools else t("doesn’t call tools")),
        (bool(found.forms), t(FORMS[found.forms])),
        (found.pictures, t("sees images") if found.pictures else t("doesn’t see images")),
    ]
    said = [f"{GOOD if good else BAD} {words}" for good, words in signs]
    return [*said, t("reads up to {count} tokens", count=number(found.window))] if found.window else said
