"""Models that step in, in order, where the one that plays a role cannot answer."""

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

from flowloom.errors import ModelError, Problem
from flowloom.services.models.settings import MEDIA, ModelSettings

T = TypeVar("T")
REASONS = {
    "model.key": "its key isn’t accepted",
    "model.unknown": "it doesn’t exist there",
    "model.quota": "no credit left",
    "model.busy": "too many requests",
    "model.down": "its server has a problem",
    "model.slow": "no answer in time",
    "model.endless": "its answer never ended",
    "model.unreachable": "can’t be reached",
    "model.moved": "its server has moved",
    "model.garbage": "the server isn’t a model server",
    "model.half": "the connection was lost",
    "model.empty": "its answer was empty",
    "model.request": "it rejected the request",
    "model.too_long": "the text is too long for it",
    "model.blind": "it can’t look at images",
    "model.pictures": "too many images for it",
}
"""Why another model may answer. A content filter’s no is none of these: it is not asked again elsewhere."""
_LASTING = frozenset(
    "model.key model.unknown model.quota model.busy model.down model.slow model.unreachable model.moved "
    "model.garbage".split()
)
"""What the next request would meet as well, whatever it asks."""
PAUSE = 60.0
"""Seconds for which a model that is out is asked last."""


def line_up(settings: ModelSettings, wanted: str) -> list[str]:
    """Who is asked for a role or `provider/model`: the one that plays it, then those that stand in for it.

    A block that names a model itself gets that model or none.
    """
    if "/" in wanted:
        return [wanted]
    if wanted in MEDIA:
        return list(dict.fromkeys((settings.media_model(wanted), *settings.fallbacks.get(wanted, ()))))
    role = wanted if wanted in settings.roles else "default"
    return list(dict.fromkeys((settings.roles.get(role, wanted), *settings.fallbacks.get(role, ()))))


class Outages:
    """What is known of models that could not answer a moment ago, so that nobody waits for each of them again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, keys: Callable[[], int] = lambda: 0) -> None:
        """`keys` is another number once any key has changed."""
        self._clock, self._keys = clock, keys
        self._out: dict[str, tuple[float, int, Problem]] = {}

    def note(self, model: str, problem: Problem) -> None:
        if problem.code in _LASTING:
            self._out[model] = (self._clock() + PAUSE, self._keys(), problem)

    def over(self, model: str) -> None:
        """It has answered."""
        self._out.pop(model, None)

    def forget(self) -> None:
        """The settings have changed: each is worth another try."""
        self._out.clear()

    def problem(self, model: str) -> Problem | None:
        """Why a model is out, None where it may be asked."""
        until, keys, problem = self._out.get(model, (0.0, 0, None))
        return problem if self._clock() < until and keys == self._keys() else None

    def in_turn(self, models: Iterable[str]) -> list[str]:
        """The same models, those that are out after the others."""
        return sorted(models, key=lambda model: self.problem(model) is not None)


async def first_that_can(
    line: Sequence[str], ask: Callable[[str], Awaitable[T]], outages: Outages
) -> tuple[T, tuple[Problem, ...]]:
    """What the first of a line gives that can, with the warning if that is not who should. Raises ModelError."""
    wanted, missed = line[0], dict[str, ModelError]()
    for name in outages.in_turn(line):
        try:
            given = await ask(name)
        except ModelError as error:
            if error.problem.code not in REASONS:
                raise
            missed[name] = error
            outages.note(name, error.problem)
            continue
        why = missed[wanted].problem if wanted in missed else outages.problem(wanted)
        outages.over(name)
        return given, () if name == wanted or why is None else (stood_in(wanted, name, why),)
    raise none_answered(missed)


def stood_in(wanted: str, by: str, why: Problem) -> Problem:
    """Say that another model answered."""
    return Problem.of(
        "model.stood_in",
        "{model} couldn’t answer ({reason}), so {other} did.",
        "Check {model} in Settings if this goes on.",
        model=wanted,
        reason=REASONS.get(why.code, why.message),
        other=by,
    ).as_warning()


def none_answered(missed: dict[str, ModelError]) -> ModelError:
    """The error where nobody of a line could answer: the only one’s own, else what each of them said."""
    if len(missed) == 1:
        return next(iter(missed.values()))
    first, *others = missed.items()
    return ModelError(
        "None of {count} models could answer. {model}: {reason}; {other}: {other_reason}.",
        "Open Settings and check them, or wait a few minutes and try again.",
        code=first[1].problem.code,
        count=len(missed),
        model=first[0],
        reason=REASONS[first[1].problem.code],
        other=others[-1][0],
        other_reason=REASONS[others[-1][1].problem.code],
    )
