"""The order in which blocks are put into one line that forks: those of a way before what comes after all ways."""

from collections.abc import Iterator

from flowloom.exchange.exporters.ways import Ways, leads_to
from flowloom.run.planning.plan import Plan, Step

ANSWERS = ("chat.answer", "flow.output")


def one_after_another(plan: Plan, ways: Ways) -> Iterator[Step]:
    """The steps, each after all that lead to it, and those of a way as soon as it forks off."""
    left, done = list(plan.steps), set[str]()
    while left:
        ready = [step for step in left if all(link.source.id in done for link in step.incoming if not link.back)]
        step = min(ready or left[:1], key=lambda each: _rank(each, plan, ways))
        left.remove(step)
        done.add(step.id)
        yield step


def _rank(step: Step, plan: Plan, ways: Ways) -> int:
    sure, answers = not ways.condition(step), step.kind.id in ANSWERS
    forks = bool(ways.optional.get(step.id, frozenset()) & step.outputs.keys())
    after_a_way = any(ways.condition(each) and leads_to(each, step) for each in plan.steps)
    if sure and not forks and not answers and not after_a_way:
        return 0
    return (2 if answers else 1) if not sure else 4 if answers else 3
