"""A model writes what a new GPT says of itself: four texts, or a sentence about what went wrong."""

import asyncio
import json
from typing import Any

import pytest

from flowloom.errors import ModelError
from flowloom.services.models.wording import Wording, write_wording
from flowloom.store.templates import templates
from flowloom.workspace import Workspace
from tests.loopback import settings_of
from tests.openai_server import OpenAIServer, Say

TEMPLATE = next(template.flow for template in templates() if template.id == "homework-tutor")
GOOD = {
    "name": "Bee tutor",
    "description": "Helps with bees.",
    "instructions": "Be patient.",
    "starters": ["What is a bee?", "Why honey?", "How many legs?"],
}


async def ask(home: Workspace) -> Wording:
    try:
        return await write_wording(home.models, "a tutor for bees", TEMPLATE)
    finally:
        await home.models.aclose()


def answer(home: Workspace, server: OpenAIServer, **changes: Any) -> Wording:
    home.models_changed(settings_of(server))
    server.script.append(Say(json.dumps(GOOD | changes)))
    return asyncio.run(ask(home))


def test_the_texts_are_taken_and_the_model_knows_the_template(home: Workspace) -> None:
    with OpenAIServer() as server:
        assert answer(home, server) == Wording(
            "Bee tutor", "Helps with bees.", "Be patient.", ("What is a bee?", "Why honey?", "How many legs?")
        )
        assert len(server.requests) == 1
        said = json.dumps(server.requests[0].body)
    assert "a tutor for bees" in said
    assert TEMPLATE.instructions in said


WRONG: dict[str, dict[str, Any]] = {
    "no name": {"name": " "},
    "an endless name": {"name": "bee " * 100},
    "two starters": {"starters": ["a", "b"]},
    "an empty starter": {"starters": ["a", "b", " "]},
    "a name that is a number": {"name": 7},
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_is_refused_in_a_sentence(home: Workspace, name: str) -> None:
    with OpenAIServer() as server:
        server.default = Say(json.dumps(GOOD | WRONG[name]))
        with pytest.raises(ModelError, match="didn’t fill in the fields correctly"):
            answer(home, server, **WRONG[name])
