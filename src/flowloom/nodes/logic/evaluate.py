"""Measure an answer by one of the measures that experiments have."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args

from pydantic import BaseModel, Field
from pydantic.config import JsonDict

from flowloom.errors import Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import ModelCalls, node_kind
from flowloom.kinds.measures import TITLES, Answer
from flowloom.kinds.values import ModelReply, ModelRequest, Passage
from flowloom.locales import translate
from flowloom.nodes.models.asking import ModelName

Measure = Literal[
    "exact",
    "contains",
    "regex",
    "json",
    "number",
    "similar",
    "cites",
    "grounded",
    "grounded_model",
    "refuses",
    "language",
    "reading",
    "judge",
]
LABELS: JsonDict = {id: TITLES[id] for id in get_args(Measure)}
ASK_MODELS = ("judge", "grounded_model")
CALLS = 2


class Config(BaseModel):
    measure: Measure = Field(
        default="contains",
        title="Measure",
        description="What is measured. Each is explained under Evaluate, with where it misleads.",
        json_schema_extra={"labels": LABELS},
    )
    rule: str = Field(
        default="",
        title="Rule or pattern",
        description="What a good answer is, for a model that judges; or the pattern that has to be found.",
        max_length=4_000,
        json_schema_extra={"widget": "textarea", "example": "The answer is polite and names a date."},
    )
    within: float = Field(
        default=0.0, title="May differ by", description="For numbers: how far from the expected one is right.", ge=0
    )
    years: float = Field(
        default=9.0,
        title="School years",
        description="For the reading level: up to how many school years are right.",
        ge=1,
        le=30,
    )
    should_refuse: bool = Field(
        default=False,
        title="Should refuse",
        description="For refusals: whether a refusal is right here.",
    )
    passes_from: float = Field(
        default=0.5,
        title="Passes from",
        description="From which value on an answer passes: 1 is right, 0 is wrong.",
        ge=0,
        le=1,
    )
    model: ModelName = "default"


class Inputs(BaseModel):
    answer: str = Field(title="Answer")
    expected: str = Field(default="", title="Expected answer")
    question: str = Field(default="", title="Question")
    passages: list[Passage] = Field(default_factory=list, title="Passages")


class Outputs(BaseModel):
    score: float | None = Field(default=None, title="Measured value")
    passed: bool | None = Field(default=None, title="Passed the check")
    reason: str = Field(title="Reason")


def check(config: Config) -> Iterable[Problem]:
    if config.measure == "regex" and not config.rule.strip():
        yield Problem.of("evaluate.no_pattern", "There is no pattern to look for.", "Write one into the rule.")


def settings(config: Config) -> Mapping[str, Any]:
    """The settings of the measure, by the names it has for them."""
    match config.measure:
        case "judge":
            return {"model": config.model, **({"rubric": config.rule} if config.rule.strip() else {})}
        case "grounded_model":
            return {"model": config.model}
        case "regex":
            return {"pattern": config.rule.strip()}
        case "number":
            return {"within": config.within}
        case "reading":
            return {"most": config.years}
        case "refuses":
            return {"should": config.should_refuse}
    return {}


def explain(config: Config, inputs: Mapping[str, Any], outputs: Mapping[str, Any], language: str) -> str:
    return str(outputs.get("reason") or "")


@node_kind(
    id="evaluate",
    label="Measure answer",
    icon="fact_check",
    group="logic",
    effects=frozenset({"spends money"}),
    calls=lambda config, tools: [ModelCalls(config.model, 0, CALLS)] if config.measure in ASK_MODELS else [],
    summarise=lambda config: str(LABELS[config.measure]),
    check=check,
    explain=explain,
    tune="measure",
    texts={},
)
async def evaluate(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Measures an answer: by what is expected, its passages, its words, or a model that judges."""

    async def ask(request: ModelRequest) -> ModelReply:
        reply = await ctx.models.reply(request, lambda piece: None)
        ctx.spend(reply.usage)
        return reply

    answer = Answer(inputs.answer, inputs.question, inputs.expected, inputs.passages, ctx.language)
    found = await ctx.measures.measure(config.measure, settings(config), answer, ask)
    why = str(found.because.describe(ctx.language)) if found.because else ""
    if found.value is None:
        return Outputs(reason=why or translate("It could not be told.", ctx.language))
    passed = found.value >= config.passes_from
    said = translate("Passed." if passed else "Not passed.", ctx.language)
    return Outputs(score=found.value, passed=passed, reason=why or said)
