"""Paths into structured data: `items[0].name`, `items.*.name`, `["a.b"]`."""

import re
from collections.abc import Iterable
from itertools import islice
from typing import Any

from flowloom.errors import NodeError
from flowloom.locales import add_texts
from flowloom.nodes.readable import first_words

ALL = "*"
STEP = re.compile(r"""\[(-?\d{1,9})\]|\[("[^"]*"|'[^']*')\]|\[(\*)\]|(?:^|\.)([^.\[\]"']+)""")

add_texts(
    {
        "zh": {
            "This path cannot be read: {path}": "看不懂这个路径：{path}",
            "Write names with dots between them, and places in a list as [0].": (
                "请用点号分隔名称，列表中的位置写成 [0]。"
            ),
            "The data holds no “{step}”.": "数据里没有“{step}”。",
            "It holds: {there}": "数据里有：{there}",
        },
        "fr": {
            "This path cannot be read: {path}": "Ce chemin est illisible : {path}",
            "Write names with dots between them, and places in a list as [0].": (
                "Séparez les noms par des points et écrivez les places dans une liste ainsi : [0]."
            ),
            "The data holds no “{step}”.": "Les données ne contiennent pas « {step} ».",
            "It holds: {there}": "Elles contiennent : {there}",
        },
    }
)


def parse_path(path: str) -> list[str]:
    """The steps of a path, each a name, a place in a list, or `*` for every item."""
    steps, done = [], 0
    wanted = path.strip().removeprefix("$")
    while done < len(wanted):
        found = STEP.match(wanted, done)
        if not found:
            raise NodeError(
                "This path cannot be read: {path}",
                "Write names with dots between them, and places in a list as [0].",
                code="path",
                path=path,
            )
        index, quoted, star, name = found.groups()
        steps.append(index or star or (quoted[1:-1] if quoted else name.strip()))
        done = found.end()
    return steps


def pick(data: Any, path: str) -> Any:
    """What stands at the end of the path; after a `*`, a list of what the items that have it hold there."""
    values, many = [data], False
    for step in parse_path(path):
        found = [value for holder in values for value in held(holder, step)]
        many = many or step == ALL
        if values and not found and not (step == ALL and values[0] in ([], {})):
            raise NodeError(
                "The data holds no “{step}”.",
                "It holds: {there}",
                code="path.missing",
                step=step,
                there=contents(values[0]),
            )
        values = found
    return values if many else values[0]


def held(holder: Any, step: str) -> Iterable[Any]:
    """The values one step leads to: none, one, or with `*` all."""
    if isinstance(holder, dict):
        return holder.values() if step == ALL else [holder[step]] if step in holder else []
    if isinstance(holder, list):
        if step == ALL:
            return holder
        place = int(step) if re.fullmatch(r"-?[0-9]{1,9}", step) else len(holder)
        return [holder[place]] if -len(holder) <= place < len(holder) else []
    return []


def contents(holder: Any) -> str:
    """What could have been asked for instead."""
    if isinstance(holder, dict):
        names = [first_words(str(name), 40) for name in islice(holder, 12)]
        return ", ".join(names) + (", …" if len(holder) > len(names) else "") if names else "{}"
    if isinstance(holder, list):
        return f"[0] … [{len(holder) - 1}]" if holder else "[]"
    return first_words(str(holder), 60) if isinstance(holder, str | bool | float) else type(holder).__name__
