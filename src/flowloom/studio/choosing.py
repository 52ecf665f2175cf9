"""Which of several answers counts: the likeliest, the one most agree on, or the one a model finds best."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from flowloom.errors import ModelError
from flowloom.kinds.services import Models
from flowloom.kinds.values import Message, ModelRequest, Usage
from flowloom.store.prompts import Sample, Step
from flowloom.writing_systems import fold

LONGEST = 4_000
"""Characters of an answer that a judge reads."""
_LABEL = re.compile(
    r"^[\s>#*_-]*(?:(?:final |the )?answer|result|答案|réponse|résultat)\s*(?:is\b|:|：|=)\s*", re.I
)
_BESIDE = " \t.,;:!?*_`\"'“”‘’«»()[]。，；：！？、「」（）"
RULE = "Which answer is the most correct and helpful?"


class Taken(NamedTuple):
    """The number of the answer that counts, why in a word or two, and what the choice used."""

    number: int
    because: str = ""
    usage: Usage = Usage(cost=0.0)


async def take(step: Step, asked: str, samples: Sequence[Sample], models: Models) -> Taken:
    """Which of the answers there are counts; of none that is a ModelError of its own."""
    if step.take == "vote":
        return vote(samples)
    if step.take == "likeliest":
        return likeliest(samples)
    if step.take == "judge" and len(samples) > 1:
        return await judged(step, asked, samples, models)
    return Taken(samples[0].number)


def vote(samples: Sequence[Sample]) -> Taken:
    """The first of those that most agree on."""
    groups: dict[str, list[Sample]] = {}
    for sample in samples:
        groups.setdefault(ballot(sample.whole), []).append(sample)
    most = max(groups.values(), key=len)
    return Taken(most[0].number, f"{len(most)}/{len(samples)}")


def ballot(text: str) -> str:
    """What an answer says in its last line, whatever stands around it."""
    lines = [line for line in text.splitlines() if line.strip(_BESIDE)]
    last = _LABEL.sub("", lines[-1]) if lines else ""
    return " ".join(fold(last.strip(_BESIDE)).split())


def likeliest(samples: Sequence[Sample]) -> Taken:
    """The one whose tokens the model was surest of; the first where it tells no probabilities."""
    told = [sample for sample in samples if sample.sureness is not None]
    if not told:
        return Taken(samples[0].number)
    best = max(told, key=lambda sample: sample.sureness or 0.0)
    return Taken(best.number)


async def judged(step: Step, asked: str, samples: Sequence[Sample], models: Models) -> Taken:
    """The one a model finds best. Raises ModelError."""
    told = "\n\n".join(f"Answer {each.number}:\n{each.whole[:LONGEST]}" for each in samples)
    said = f"{step.rule or RULE}\n\nWhat was asked:\n{asked[:LONGEST]}\n\n{told}"
    choices = {str(each.number): f"Answer {each.number}" for each in samples}
    reply = await models.reply(
        ModelRequest(
            messages=[Message(role="user", text=said)], model=step.model, choices=choices, temperature=0.0
        ),
        lambda piece: None,
    )
    if reply.text not in choices:
        raise ModelError(
            "The model chose none of the answers.",
            "All answers are kept. Choose another way to take one, or another model.",
            code="studio.judge",
        )
    return Taken(int(reply.text), "", reply.usage)
