"""YAML from outside as plain data: safe tags only, bounded in depth and in what aliases unfold into."""

import re
from typing import Any, Literal

from flowloom.garbage import unsearched
from flowloom.services.formats.plain_yaml import NotPlain, TooDeep, build_plain
from flowloom.services.formats.yaml12 import MAX_PARTS, Repetitive, loader_over

MAX_DEPTH = 500
_INDENT = re.compile(r"^[ ?:-]+", re.MULTILINE)

Version = Literal["1.1", "1.2"]
Reason = Literal["deep", "repetitive", "unreadable"]


class YamlFault(Exception):
    """A text that is no YAML, or more than is read; `line` counts from 1 and is 0 where none is known."""

    def __init__(self, reason: Reason, line: int = 0) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.line = line


def read_yaml(text: str, version: Version = "1.2") -> Any:
    """The data a text holds. Raises YamlFault.

    By version 1.1, as PyYAML and most builders of flows read it, `yes`, `no`, `on` and `off` are yes and no. Dates
    stay words in both.
    """
    try:
        with unsearched():
            return build_plain(text, _loader(version), MAX_DEPTH, keys_are_text=version == "1.2")
    except TooDeep:
        raise YamlFault("deep") from None
    except NotPlain:
        return _read_with_all(text, version)


def _read_with_all(text: str, version: Version) -> Any:
    """By the loader itself: what has anchors, tags or merges, and what is wrong."""
    import yaml  # type: ignore[import-untyped]

    _refuse_depth(text)
    loader = _loader(version)(text)
    try:
        with unsearched():
            try:
                found = loader.get_single_data()
            finally:
                loader.dispose()
    except Repetitive:
        raise YamlFault("repetitive") from None
    except yaml.MarkedYAMLError as error:
        raise YamlFault("unreadable", error.problem_mark.line + 1 if error.problem_mark else 1) from None
    except (yaml.YAMLError, RecursionError, ValueError, TypeError):
        raise YamlFault("unreadable") from None
    _refuse_bombs(found)
    return found


def _loader(version: Version) -> Any:
    import yaml

    # On libyaml where it is there: ten times as fast, and as safe.
    return loader_over(getattr(yaml, "CSafeLoader", yaml.SafeLoader), yaml.ScalarNode, version)


def _refuse_depth(text: str) -> None:
    """The parser in C follows nesting without a limit and takes the whole process down with it."""
    import yaml

    widest = max((len(found[0]) for found in _INDENT.finditer(text)), default=0)
    if text.count("[") + text.count("{") <= MAX_DEPTH and widest <= MAX_DEPTH:
        return
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_loader("1.2")):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise YamlFault("deep")
    except yaml.YAMLError:
        return  # said with its line when it is read


def _refuse_bombs(found: Any) -> None:
    """Aliases make one thing stand at many places; written out it must not be far larger than its text."""
    sizes: dict[int, int] = {}

    def size(value: Any) -> int:
        if not isinstance(value, dict | list):
            return 1
        if id(value) in sizes:
            if sizes[id(value)] < 0:
                raise YamlFault("deep")  # it holds itself
            return sizes[id(value)]
        sizes[id(value)] = -1
        total = 1 + sum(size(each) for each in (value.values() if isinstance(value, dict) else value))
        if total > MAX_PARTS:
            raise YamlFault("repetitive")
        sizes[id(value)] = total
        return total

    try:
        size(found)
    except RecursionError:
        raise YamlFault("deep") from None
