"""Conditions as a person builds them from rows: input, operator, value."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from flowloom.errors import NodeError
from flowloom.locales import add_texts, translate
from flowloom.nodes.numbers import parse_number
from flowloom.nodes.readable import first_words, readable
from flowloom.nodes.yes_no import parse_yes_no

Operator = Literal[
    "is",
    "is_not",
    "contains",
    "does_not_contain",
    "starts_with",
    "ends_with",
    "is_empty",
    "is_not_empty",
    "greater_than",
    "at_least",
    "less_than",
    "at_most",
    "is_yes",
    "is_no",
    "exists",
    "is_missing",
]
OPERATOR_LABELS: JsonDict = {
    "is": "is",
    "is_not": "is not",
    "contains": "contains",
    "does_not_contain": "does not contain",
    "starts_with": "starts with",
    "ends_with": "ends with",
    "is_empty": "is empty",
    "is_not_empty": "is not empty",
    "greater_than": "is greater than",
    "at_least": "is at least",
    "less_than": "is less than",
    "at_most": "is at most",
    "is_yes": "is yes",
    "is_no": "is no",
    "exists": "has a value",
    "is_missing": "has no value",
}
WITHOUT_VALUE = frozenset({"is_empty", "is_not_empty", "is_yes", "is_no", "exists", "is_missing"})


class Condition(BaseModel):
    """One row: what arrives by an input, compared with a value."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    input: str = Field(
        default="value",
        title="Input",
        description="What to look at. Every name used here becomes an input of this block.",
        max_length=80,
        json_schema_extra={"example": "category"},
    )
    operator: Operator = Field(
        default="is",
        title="Comparison",
        description="How to compare it. Capital letters make no difference.",
        json_schema_extra={"labels": OPERATOR_LABELS},
    )
    value: str = Field(
        default="",
        title="Value",
        description="What to compare it with. Not needed for “is empty”, “is yes” and the like.",
        max_length=10_000,
        json_schema_extra={"example": "refund"},
    )
    exact: bool = Field(
        default=False,
        title="Exactly as written",
        description="On: capital letters and spaces at the ends count.",
    )


add_texts(
    {
        "zh": {
            "Exactly as written": "一字不差",
            "On: capital letters and spaces at the ends count.": "开启后，大小写和首尾空格都算数。",
            "Input": "输入",
            "What to look at. Every name used here becomes an input of this block.": (
                "要检查什么。这里用到的每个名称都会成为这个模块的一个输入。"
            ),
            "category": "类别",
            "Comparison": "比较方式",
            "How to compare it. Capital letters make no difference.": "怎样比较。不区分大小写。",
            "Value": "值",
            "What to compare it with. Not needed for “is empty”, “is yes” and the like.": (
                "与什么比较。“为空”“为是”等比较方式不需要填写。"
            ),
            "refund": "退款",
            "{input} (“{value}”) {compared} “{wanted}”": "{input}（“{value}”）{compared}“{wanted}”",
            "{input} (“{value}”) {compared}": "{input}（“{value}”）{compared}",
            "is": "等于",
            "is not": "不等于",
            "contains": "包含",
            "does not contain": "不包含",
            "starts with": "开头是",
            "ends with": "结尾是",
            "is empty": "为空",
            "is not empty": "不为空",
            "is greater than": "大于",
            "is at least": "至少为",
            "is less than": "小于",
            "is at most": "至多为",
            "is yes": "为是",
            "is no": "为否",
            "has a value": "有值",
            "has no value": "没有值",
            "“{value}” is not a number, so it cannot be compared as one.": "“{value}”不是数字，无法按数字比较。",
            "Check what arrives here, or choose another comparison.": "请检查传来的内容，或换一种比较方式。",
            "“{value}” means neither yes nor no.": "“{value}”既不表示是，也不表示否。",
        },
        "fr": {
            "Exactly as written": "À la lettre près",
            "On: capital letters and spaces at the ends count.": (
                "Activé : les majuscules et les espaces aux extrémités comptent."
            ),
            "Input": "Entrée",
            "What to look at. Every name used here becomes an input of this block.": (
                "Ce qu’il faut examiner. Chaque nom utilisé ici devient une entrée du bloc."
            ),
            "category": "catégorie",
            "Comparison": "Comparaison",
            "How to compare it. Capital letters make no difference.": (
                "Comment comparer. Majuscules et minuscules se valent."
            ),
            "Value": "Valeur",
            "What to compare it with. Not needed for “is empty”, “is yes” and the like.": (
                "À quoi comparer. Inutile pour « est vide », « est oui » et semblables."
            ),
            "refund": "remboursement",
            "{input} (“{value}”) {compared} “{wanted}”": "{input} (« {value} ») {compared} « {wanted} »",
            "{input} (“{value}”) {compared}": "{input} (« {value} ») {compared}",
            "is": "est",
            "is not": "n’est pas",
            "contains": "contient",
            "does not contain": "ne contient pas",
            "starts with": "commence par",
            "ends with": "finit par",
            "is empty": "est vide",
            "is not empty": "n’est pas vide",
            "is greater than": "est supérieur à",
            "is at least": "vaut au moins",
            "is less than": "est inférieur à",
            "is at most": "vaut au plus",
            "is yes": "est oui",
            "is no": "est non",
            "has a value": "a une valeur",
            "has no value": "n’a pas de valeur",
            "“{value}” is not a number, so it cannot be compared as one.": (
                "« {value} » n’est pas un nombre et ne peut donc pas être comparé comme tel."
            ),
            "Check what arrives here, or choose another comparison.": (
                "Vérifiez ce qui arrive ici, ou choisissez une autre comparaison."
            ),
            "“{value}” means neither yes nor no.": "« {value} » ne veut dire ni oui ni non.",
        },
    }
)


def holds(condition: Condition, value: Any, language: str = "en") -> bool:
    """Whether a value meets a condition."""
    operator = condition.operator
    if operator in WITHOUT_VALUE:
        return stands(operator, value, condition.exact)
    if operator in ORDERS:
        return ORDERS[operator](number(value, language), number(condition.value, language))
    if operator in ("is", "is_not"):
        return same(value, condition, language) == (operator == "is")
    words = readable if condition.exact else folded
    return WORDINGS[operator](words(value), words(condition.value))


def stands(operator: Operator, value: Any, exact: bool) -> bool:
    """Whether a value is there, holds something or says yes; exactly taken, spaces are something."""
    match operator:
        case "exists" | "is_missing":
            return (value is None) == (operator == "is_missing")
        case "is_empty" | "is_not_empty":
            empty = is_empty(value) and not (exact and isinstance(value, str) and value)
            return empty == (operator == "is_empty")
    return says(value, operator == "is_yes")


def describe(condition: Condition, value: Any, language: str = "en") -> str:
    """A condition that was met, with what arrived and what it was compared with."""
    wanted = "" if condition.operator in WITHOUT_VALUE else condition.value
    sentence = "{input} (“{value}”) {compared} “{wanted}”" if wanted else "{input} (“{value}”) {compared}"
    return translate(
        sentence,
        language,
        input=condition.input.strip(),
        value=first_words(readable(value), 80),
        compared=translate(str(OPERATOR_LABELS[condition.operator]), language),
        wanted=first_words(wanted, 80),
    )


ORDERS: Mapping[str, Callable[[float, float], bool]] = {
    "greater_than": lambda left, right: left > right,
    "at_least": lambda left, right: left >= right,
    "less_than": lambda left, right: left < right,
    "at_most": lambda left, right: left <= right,
}
WORDINGS: Mapping[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "does_not_contain": lambda text, part: part not in text,
    "starts_with": lambda text, part: text.startswith(part),
    "ends_with": lambda text, part: text.endswith(part),
}


def folded(value: Any) -> str:
    return readable(value).strip().casefold()


def is_empty(value: Any) -> bool:
    return value is None or value in ([], {}, ()) or (isinstance(value, str) and not value.strip())


def same(value: Any, condition: Condition, language: str) -> bool:
    """Numbers are the same by size, yes and no by meaning, all else by its words."""
    wanted = condition.value
    if isinstance(value, bool):
        return parse_yes_no(wanted) is value
    if isinstance(value, int | float):
        return parse_number(wanted, language) == value
    return readable(value) == wanted if condition.exact else folded(value) == folded(wanted)


def says(value: Any, yes: bool) -> bool:
    """Whether a value says yes, or no. An empty one says neither."""
    if is_empty(value):
        return False
    meant = parse_yes_no(value)
    if meant is None:
        raise NodeError(
            "“{value}” means neither yes nor no.",
            "Check what arrives here, or choose another comparison.",
            code="condition.yes_no",
            value=first_words(readable(value)),
        )
    return meant is yes


def number(value: Any, language: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = readable(value)
    found = None if isinstance(value, bool) else parse_number(text, language)
    if found is None:
        raise NodeError(
            "“{value}” is not a number, so it cannot be compared as one.",
            "Check what arrives here, or choose another comparison.",
            code="condition.number",
            value=first_words(text),
        )
    return found
