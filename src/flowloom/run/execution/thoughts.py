"""Models as a block gets them: what they thought, and what they could not do, is told beside its work."""

from collections.abc import Callable, Sequence

from flowloom.errors import Problem
from flowloom.kinds.services import Facts, Models, OnText
from flowloom.kinds.values import ModelReply, ModelRequest

Tell = Callable[[str], None]
Warn = Callable[[Problem], None]
NEEDS_MODEL = "model.needed"
"""The code of the warning that the practice model's rules were not enough."""


class Thinking:
    """Fulfils `Models`. A block gets the answers only, so that no thought goes on by any of its ways.

    `said` is what the person wrote in this run so far, and `facts` are what is known of them.
    """

    def __init__(
        self, models: Models, tell: Tell, warn: Warn, said: Callable[[], Sequence[str]], facts: Facts
    ) -> None:
        self._models, self._tell, self._warn, self._said, self._facts = models, tell, warn, said, facts

    async def reply(self, request: ModelRequest, on_text: OnText) -> ModelReply:
        """The model's reply without its thoughts. Raises ModelError."""
        reply = await self._models.reply(self._with_words(request), on_text)
        if reply.only_shape:
            self._warn(needs_model())
        tell_all(reply.warnings, self._warn)
        if not reply.thoughts:
            return reply
        self._tell(reply.thoughts)
        return reply.model_copy(update={"thoughts": ""})

    def _with_words(self, request: ModelRequest) -> ModelRequest:
        known = [f"{name}: {value}" for name, value in self._facts.all().items()]
        return request.model_copy(update={"said": self._said(), "known": known})


def tell_all(warnings: Sequence[Problem], warn: Warn) -> None:
    """What is to be said of an answer, a picture or a sound, such as who stood in for whom."""
    for problem in warnings:
        warn(problem)


def needs_model() -> Problem:
    """Say that the practice model could not do what a block asked of it."""
    return Problem.of(
        NEEDS_MODEL,
        "The practice model can’t write this: it only follows simple rules.",
        "Add a model to get a real answer.",
    ).as_warning()
