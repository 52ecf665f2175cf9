"""What an experiment may cost, before it begins."""

from collections.abc import Sequence

from flowloom.evaluation.evaluators.all import keyed
from flowloom.kinds.registry import all_kinds
from flowloom.run.planning.forecast import forecast
from flowloom.run.planning.plan import plan_of
from flowloom.services.models.facts import facts_of
from flowloom.store.experiments import Arm, Chosen
from flowloom.ui.formatting import count_of, money
from flowloom.ui.messages import plain
from flowloom.ui.session import t
from flowloom.workspace import workspace


def cost_in_words(arms: Sequence[Arm], evaluators: Sequence[Chosen], rows: int) -> str:
    """Calls and money at most, as far as that is known. Raises FlowFileError where a version cannot run."""
    calls, cost = 0, 0.0
    known = True
    for arm in arms:
        found = _forecast(arm)
        calls += found[0] * rows
        known = known and found[1] is not None
        cost += (found[1] or 0.0) * rows
    for evaluator, config in keyed(evaluators).values():
        calls += evaluator.calls * rows * len(arms)
        known = known and _judge_is_free(evaluator.calls, evaluator.model_of(config))
    if not calls:
        return t("No model is asked, so this costs nothing.")
    said = t("Up to {calls}.", calls=count_of("call", calls))
    if known:
        return said + " " + (t("All of them free.") if not cost else plain(t("At most {cost}.", cost=money(cost))))
    return said + " " + t("What that costs is unknown, as the price of a model is.")


def _forecast(arm: Arm) -> tuple[int, float | None]:
    """Calls and cost of one row at most; with one model in the place of all, its price counts."""
    settings = workspace().models.settings
    found = forecast(plan_of(arm.flow, all_kinds()), lambda model: facts_of(settings, arm.model or model))
    return found.most, found.cost


def _judge_is_free(calls: int, model: str) -> bool:
    return not calls or (bool(model) and facts_of(workspace().models.settings, model).call == 0.0)
