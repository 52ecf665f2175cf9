"""What asking a prompt takes at most, before it is asked."""

from typing import NamedTuple

from flowloom.errors import ModelError
from flowloom.kinds.values import Usage
from flowloom.nodes.templates import names_in
from flowloom.services.models.counting import count_tokens
from flowloom.services.models.prices import find_cost
from flowloom.services.models.router import find_model
from flowloom.services.models.settings import ModelSettings
from flowloom.store.prompts import Program, Step, TryPlan


class Forecast(NamedTuple):
    """Calls, tokens read and written, and US dollars at most; None is unknown."""

    calls: int
    read: int
    written: int
    cost: float | None


def forecast(program: Program, plan: TryPlan, settings: ModelSettings) -> Forecast:
    """What all steps take together: every answer as long as it may be."""
    longest = {step.name: step.most_tokens for step in program.steps}
    found = [_of(step, plan, settings, longest) for step in program.steps]
    costs = [each.cost for each in found if each.cost is not None]
    return Forecast(
        sum(each.calls for each in found),
        sum(each.read for each in found),
        sum(each.written for each in found),
        sum(costs) if len(costs) == len(found) else None,
    )


def _of(step: Step, plan: TryPlan, settings: ModelSettings, longest: dict[str, int]) -> Forecast:
    text = step.system + step.text
    read = count_tokens(text, step.model, settings).tokens
    for name in names_in(text):
        given = plan.inputs.get(name)
        read += longest.get(name, 0) if given is None else count_tokens(given, step.model, settings).tokens
    calls, reads, writes = step.samples, read * step.samples, step.most_tokens * step.samples
    if step.take == "judge" and step.samples > 1:
        calls, reads, writes = calls + 1, reads + read + writes, writes + 10
    return Forecast(calls, reads, writes, _cost(step.model, settings, reads, writes))


def _cost(wanted: str, settings: ModelSettings, read: int, written: int) -> float | None:
    try:
        provider, model = find_model(settings, wanted)
    except ModelError:
        return None
    return find_cost(Usage(model=model, input_tokens=read, output_tokens=written), provider, settings.prices)
