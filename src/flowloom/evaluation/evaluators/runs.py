"""Measures how an answer came about: the way it took, the tools it called, what it cost and how long it took."""

import json

from pydantic import Field

from flowloom.errors import Problem
from flowloom.evaluation.evaluators.evaluator import Case, Config, Evaluator, Tools, passed, untold
from flowloom.kinds.port import as_text
from flowloom.kinds.registry import all_kinds, label_of
from flowloom.run.reading.steps import Step
from flowloom.store.experiments import Score


class RouteConfig(Config):
    block: str = Field("", title="Block it has to pass", max_length=200)
    column: str = Field("", title="Or the column that names it", max_length=120)


def _route(config: RouteConfig, case: Case, tools: Tools) -> Score:
    wanted = case.wanted(config.column, config.block).casefold()
    if not wanted:
        return untold(Problem.of("evaluate.route", "No block is named."))
    done = [step for step in case.steps if step.outcome in ("done", "failed")]
    went = [name for step in done if not step.caller for name in _names(case, step)]
    way = " → ".join(dict.fromkeys(_names(case, step)[0] for step in done if not step.caller))
    holds = wanted in (name.casefold() for name in went)
    return passed(holds, None if holds else Problem.of("evaluate.route.other", "It went: {way}", way=way))


def _names(case: Case, step: Step) -> tuple[str, str]:
    """What a block is called, and its id."""
    id = step.node.rpartition("/")[2]
    node = case.flow.node(id)
    return (str(label_of(node, all_kinds())) if node else id), id


class ToolConfig(Config):
    tool: str = Field("", title="Block used as a tool", max_length=200)
    values: str = Field("", title="Values, as JSON or name=value lines", max_length=2_000)
    column: str = Field("", title="Or the column that holds the values", max_length=120)


def _tool(config: ToolConfig, case: Case, tools: Tools) -> Score:
    wanted = _values(case.wanted(config.column, config.values))
    if wanted is None:
        return untold(
            Problem.of("evaluate.tool.values", "The values can’t be read.", "Write name=value on each line.")
        )
    calls = [step for step in case.steps if step.caller and _is_called(config.tool, case, step)]
    if not calls:
        return passed(False, Problem.of("evaluate.tool.none", "The tool wasn’t called."))
    if any(_fits(step, wanted) for step in calls):
        return passed(True)
    given = json.dumps(dict(calls[-1].inputs), ensure_ascii=False, default=str)[:300]
    return passed(False, Problem.of("evaluate.tool.other", "It was called with {values}", values=given))


def _is_called(tool: str, case: Case, step: Step) -> bool:
    return not tool or tool.casefold() in (name.casefold() for name in _names(case, step))


def _values(text: str) -> dict[str, str] | None:
    if not text.strip():
        return {}
    if text.lstrip().startswith("{"):
        try:
            read = json.loads(text)
        except (ValueError, RecursionError):
            return None
        return {str(name): as_text(value) for name, value in read.items()} if isinstance(read, dict) else None
    pairs = [line.partition("=") for line in text.splitlines() if line.strip()]
    return (
        {name.strip(): value.strip() for name, sign, value in pairs} if all(sign for _, sign, _ in pairs) else None
    )


def _fits(step: Step, wanted: dict[str, str]) -> bool:
    given = {name: as_text(value).strip().casefold() for name, value in step.inputs.items()}
    return all(given.get(name) == value.strip().casefold() for name, value in wanted.items())


def _cost(config: Config, case: Case, tools: Tools) -> Score:
    if case.cost is None:
        return untold(Problem.of("evaluate.cost", "What this answer cost is unknown."))
    return Score(value=case.cost)


def _time(config: Config, case: Case, tools: Tools) -> Score:
    return Score(value=case.seconds)


ROUTE = Evaluator(
    "route",
    "Whether the run passed the block that it should.",
    "The right path can still lead to a wrong answer.",
    _route,
    RouteConfig,
    of_run=True,
)
TOOL = Evaluator(
    "tool",
    "Whether the block was called as a tool with these values.",
    "It looks for one fitting call. Needless calls besides it cost nothing.",
    _tool,
    ToolConfig,
    of_run=True,
)
COST = Evaluator(
    "cost",
    "What the models of one answer cost in US dollars, at their list price.",
    "An answer that was saved from an earlier experiment counts what it cost then. Discounts aren’t known.",
    _cost,
    unit="dollars",
    lower_is_better=True,
    of_run=True,
)
TIME = Evaluator(
    "time",
    "How many seconds an answer took.",
    "It depends on how busy the model’s server is and on how many rows run at once. Saved answers take no time.",
    _time,
    unit="seconds",
    lower_is_better=True,
    of_run=True,
)
ALL = (ROUTE, TOOL, COST, TIME)
