"""Send a value on by the first row whose conditions it meets."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field
from pydantic.config import JsonDict

from flowloom.errors import Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import OpenPorts, node_kind
from flowloom.kinds.port import Port
from flowloom.locales import translate
from flowloom.nodes.logic.conditions import WITHOUT_VALUE, Condition, describe, holds
from flowloom.nodes.port_names import named_ports, port_id, repeated
from flowloom.nodes.readable import first_words

MATCH_LABELS: JsonDict = {"all": "all conditions are true", "any": "one condition is true"}


class Row(BaseModel):
    """One way a value may go, and when."""

    name: str = Field(
        default="",
        title="Name",
        description="Path name. It becomes an output.",
        max_length=80,
        json_schema_extra={"example": "Refund"},
    )
    match: Literal["all", "any"] = Field(
        default="all",
        title="When",
        description="Whether all conditions have to be true, or one is enough.",
        json_schema_extra={"labels": MATCH_LABELS},
    )
    conditions: list[Condition] = Field(
        default_factory=lambda: [Condition()],
        title="Conditions",
        description="What has to be true for this path.",
        max_length=20,
    )


class Config(BaseModel):
    rows: list[Row] = Field(
        default_factory=lambda: [Row(name="Yes", conditions=[Condition(operator="is_yes")])],
        title="Paths",
        description="Checked from top to bottom; the first match is used.",
        max_length=50,
    )


Inputs = Outputs = OpenPorts

VALUE = Port(id="value", label="Value")
OTHERWISE = Port(id="otherwise", label="Otherwise")


def named_rows(config: Config) -> list[Row]:
    return [row for row in config.rows if row.name.strip()]


def row_ports(config: Config) -> Sequence[Port]:
    names = (row.name.strip() for row in named_rows(config))
    return [*named_ports(names, taken=(OTHERWISE.id,)), OTHERWISE]


def value_ports(config: Config) -> Sequence[Port]:
    """An input for every name the conditions use; names that mean the same port are one."""
    names = [condition.input.strip() for row in config.rows for condition in row.conditions]
    labels: dict[str, str] = {}
    for name in filter(None, names):
        labels.setdefault(port_id(name), name)
    return [Port(id=id, label=label, verbatim=True) for id, label in labels.items()] or [VALUE]


def check(config: Config) -> Iterable[Problem]:
    if len(named_rows(config)) < len(config.rows):
        yield Problem.of("branch.unnamed", "A path has no name.", "Give each path a name, or remove it.")
    for name in repeated(row.name.strip() for row in named_rows(config)):
        yield Problem.of("branch.same", "Two paths are called “{name}”.", "Give each path its own name.", name=name)
    for row in config.rows:
        yield from check_row(row)


def check_row(row: Row) -> Iterable[Problem]:
    if not row.conditions:
        yield Problem.of(
            "branch.no_condition", "“{name}” has no condition.", "Add one, or remove this path.", name=row.name
        )
    for condition in row.conditions:
        if not condition.input.strip():
            yield Problem.of(
                "branch.no_input",
                "A condition of “{name}” has no input.",
                "Enter its input.",
                name=row.name,
            )
        if condition.operator not in WITHOUT_VALUE and not condition.value.strip():
            yield Problem.of(
                "branch.no_value",
                "A condition of “{name}” has no value to compare with.",
                "Enter one, or choose “is empty”.",
                name=row.name,
            )


TEXTS = {
    "zh": {
        "Branch": "分支",
        "Sends a value down one of several paths, by conditions you set.": (
            "按照你设定的条件，把一个值送往不同的路径。"
        ),
        "Name": "名称",
        "Path name. It becomes an output.": "这条路径的名称，它会成为一个输出。",
        "Refund": "退款",
        "When": "条件关系",
        "Whether all conditions have to be true, or one is enough.": "需要满足所有条件，还是满足一个就够。",
        "all conditions are true": "满足所有条件",
        "one condition is true": "满足任一条件",
        "Conditions": "条件",
        "What has to be true for this path.": "走这条路径必须满足的条件。",
        "Paths": "路径",
        "Checked from top to bottom; the first match is used.": "从上到下依次尝试，走第一条符合的路径。",
        "Yes": "是",
        "Value": "值",
        "Otherwise": "否则",
        "A path has no name.": "有一条路径没有名称。",
        "Give each path a name, or remove it.": "请给每条路径起名，或把它删除。",
        "Two paths are called “{name}”.": "有两条路径都叫“{name}”。",
        "Give each path its own name.": "请给每条路径起不同的名称。",
        "“{name}” has no condition.": "“{name}”没有条件。",
        "Add one, or remove this path.": "请添加一个条件，或删除这条路径。",
        "A condition of “{name}” has no input.": "“{name}”的一个条件没有指定要检查的内容。",
        "Enter its input.": "请填写它的输入名称。",
        "A condition of “{name}” has no value to compare with.": "“{name}”的一个条件没有用来比较的值。",
        "Enter one, or choose “is empty”.": "请填写，或选择“为空”。",
        "No condition of the other paths was true.": "其他路径的条件都不满足。",
        "; ": "；",
    },
    "fr": {
        "Branch": "Bifurcation",
        "Sends a value down one of several paths, by conditions you set.": (
            "Envoie une valeur d’un côté ou d’un autre, selon des conditions que vous fixez."
        ),
        "Name": "Nom",
        "Path name. It becomes an output.": "Le nom de ce chemin. Il devient une sortie.",
        "Refund": "Remboursement",
        "When": "Quand",
        "Whether all conditions have to be true, or one is enough.": (
            "S’il faut que toutes les conditions soient remplies ou si une seule suffit."
        ),
        "all conditions are true": "toutes les conditions sont remplies",
        "one condition is true": "une condition est remplie",
        "Conditions": "Conditions",
        "What has to be true for this path.": "Ce qui doit être vrai pour prendre ce chemin.",
        "Paths": "Chemins",
        "Checked from top to bottom; the first match is used.": (
            "Ils sont essayés de haut en bas ; le premier qui convient est pris."
        ),
        "Yes": "Oui",
        "Value": "Valeur",
        "Otherwise": "Sinon",
        "A path has no name.": "Un chemin n’a pas de nom.",
        "Give each path a name, or remove it.": "Donnez un nom à chaque chemin, ou supprimez-le.",
        "Two paths are called “{name}”.": "Deux chemins s’appellent « {name} ».",
        "Give each path its own name.": "Donnez à chaque chemin son propre nom.",
        "“{name}” has no condition.": "« {name} » n’a pas de condition.",
        "Add one, or remove this path.": "Ajoutez-en une, ou supprimez ce chemin.",
        "A condition of “{name}” has no input.": "Une condition de « {name} » n’examine rien.",
        "Enter its input.": "Nommez son entrée.",
        "A condition of “{name}” has no value to compare with.": (
            "Une condition de « {name} » n’a pas de valeur à laquelle comparer."
        ),
        "Enter one, or choose “is empty”.": "Remplissez-la, ou choisissez « est vide ».",
        "No condition of the other paths was true.": "Aucune condition des autres chemins n’était remplie.",
        "; ": " ; ",
    },
}


def explain(config: Config, inputs: Mapping[str, Any], outputs: Mapping[str, Any], language: str) -> str:
    """The conditions that led the way that was taken; nothing where they no longer do."""
    if OTHERWISE.id in outputs:
        return translate("No condition of the other paths was true.", language)
    row = next((row for port, row in _ways(config) if port.id in outputs), None)
    if row is None or not fits(row, inputs, language):
        return ""
    held = [condition for condition in _used(row) if holds(condition, _value(condition, inputs), language)]
    named = [describe(condition, _value(condition, inputs), language) for condition in held]
    return translate("; ", language).join(named)


@node_kind(
    id="branch",
    label="Branch",
    icon="alt_route",
    group="logic",
    chooses=True,
    summarise=lambda config: first_words(" · ".join(row.name for row in named_rows(config))),
    check=check,
    explain=explain,
    tune="rows",
    dynamic_inputs=value_ports,
    dynamic_outputs=row_ports,
    texts=TEXTS,
)
def branch(config: Config, inputs: OpenPorts, ctx: NodeContext) -> OpenPorts:
    """Sends a value down one of several paths, by conditions you set."""
    values = inputs.model_extra or {}
    taken = next((port for port, row in _ways(config) if fits(row, values, ctx.language)), OTHERWISE)
    return OpenPorts.model_validate({taken.id: values.get(value_ports(config)[0].id)})


def fits(row: Row, values: Mapping[str, Any], language: str) -> bool:
    """Whether a row's conditions are met; one without conditions never is."""
    conditions = _used(row)
    met = (holds(condition, _value(condition, values), language) for condition in conditions)
    return bool(conditions) and (all(met) if row.match == "all" else any(met))


def _ways(config: Config) -> Iterable[tuple[Port, Row]]:
    return zip(row_ports(config), named_rows(config), strict=False)


def _used(row: Row) -> list[Condition]:
    return [condition for condition in row.conditions if condition.input.strip()]


def _value(condition: Condition, values: Mapping[str, Any]) -> Any:
    return values.get(port_id(condition.input))
