"""What may not stand in the store: phrases that tell it, and rules for a model where one is set up."""

import json
from functools import cache
from importlib.resources import files

from flowloom.errors import Problem
from flowloom.flow.model import Flow
from flowloom.kinds.values import ModelRequest
from flowloom.locales import Verbatim
from flowloom.nodes.logic.personal_data import find_words
from flowloom.nodes.models.asking import conversation
from flowloom.nodes.models.moderate import TASK, schema
from flowloom.services.models.settings import PRACTICE

RULES = (
    "Help to hurt people or oneself, weapons, malware, theft of passwords or money, hatred against groups, sexual "
    "content with minors, forged documents, or a GPT that pretends to be an official service it is not."
)
LONGEST = 20_000
"""Characters that are judged."""
KINDS = {
    "weapons": "weapons",
    "malware": "malware or theft of passwords",
    "minors": "sexual content with minors",
    "self_harm": "self-harm",
    "hate": "hatred against groups",
    "fraud": "forgery or fraud",
    "secrets_of_people": "asking people for their passwords or cards",
}


@cache
def phrases() -> dict[str, tuple[str, ...]]:
    """By what they tell of, in three languages."""
    found = json.loads(files("flowloom.gallery").joinpath("policy.json").read_text("utf-8"))
    return {kind: tuple(said) for kind, said in found.items()}


def said_by(flow: Flow) -> str:
    """All that a GPT says of itself, to its models and to people, as one text."""
    parts = [flow.name, flow.description, flow.instructions, *flow.starters]
    parts += [text for saved in (*flow.saved_answers, *flow.examples) for text in (saved.question, saved.answer)]
    for node in flow.nodes:
        parts += [value for value in node.config.values() if isinstance(value, str)]
    return "\n".join(part for part in parts if part)[:LONGEST]


def against_words(text: str) -> list[Problem]:
    """A problem for each kind of phrase that the text has."""
    found = []
    for kind, said in phrases().items():
        place = next(find_words(text, said), None)
        if place:
            found.append(
                Problem.of(
                    "review.policy",
                    "It says “{words}”, which may be about {kind}.",
                    "Take it out, or ask whoever looks after the store to decide.",
                    words=Verbatim(text[slice(*place)]),
                    kind=KINDS[kind],
                )
            )
    return found


def asks_a_model(roles: dict[str, str]) -> bool:
    """Whether a model is set up that can judge; the practice model cannot."""
    return roles.get("default", PRACTICE) != PRACTICE


def request_for(text: str) -> ModelRequest:
    """What a model is asked."""
    return ModelRequest(
        messages=conversation(text, (TASK.format(rules=RULES),)),
        model="default",
        temperature=0,
        response_schema=schema(RULES),
    )
