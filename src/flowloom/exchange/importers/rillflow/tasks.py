"""A Rill-Flow file as it is written: tasks, what they take from the context and put into it, and what follows."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flowloom.flow.sorts import mappings, words

CATEGORIES = frozenset({"pass", "function", "choice", "foreach", "switch", "return", "suspense"})


class Rule(NamedTuple):
    """One mapping: from where, to where, and perhaps by which script."""

    source: str
    target: str
    transform: str


class Task(NamedTuple):
    name: str
    title: str
    category: str
    data: Mapping[str, Any]
    following: tuple[str, ...]
    takes: tuple[Rule, ...]
    gives: tuple[Rule, ...]


def is_flow(data: Any) -> bool:
    return isinstance(data, dict) and "dagName" in data and isinstance(data.get("tasks"), list)


def read_tasks(listed: Any) -> list[Task]:
    found: dict[str, Task] = {}
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict) and words(each.get("name")) and words(each.get("name")) not in found:
            task = _task(each)
            found[task.name] = task
    return list(found.values())


def _task(data: Mapping[str, Any]) -> Task:
    following = _names(data.get("next"))
    for switch in mappings(data.get("switches")):
        following += _names(switch.get("next"))
    return Task(
        words(data.get("name")),
        words(data.get("title")) or words(data.get("name")),
        words(data.get("category")),
        data,
        tuple(dict.fromkeys(following)),
        _rules(data.get("inputMappings")),
        _rules(data.get("outputMappings")),
    )


def _names(value: Any) -> list[str]:
    return [name.strip() for name in words(value).split(",") if name.strip()]


def names_of(value: Any) -> Sequence[str]:
    return _names(value)


def _rules(value: Any) -> tuple[Rule, ...]:
    rules = (
        Rule(_source(each.get("source")), words(each.get("target")).strip(), words(each.get("transform")).strip())
        for each in mappings(value)
    )
    return tuple(rule for rule in rules if rule.target.startswith("$.") and (rule.source or rule.transform))


def _source(value: Any) -> str:
    return value.strip() if isinstance(value, str) else "" if value is None else json.dumps(value)


def constant(source: str) -> Any:
    """What a source that is no path stands for: structured data, yes or no, a number, else the text."""
    lowered = source.strip().lower()
    if lowered in ("true", "false"):
        return lowered == "true"
    try:
        return json.loads(source, parse_constant=lambda name: name)
    except ValueError:
        return source
