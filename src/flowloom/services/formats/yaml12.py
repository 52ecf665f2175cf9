"""YAML 1.2 as OpenAPI wants it: JSON's values and nothing more, keys as they are written.

OpenAPI 3.0.4 and 3.1.1, section 4.3 “Format”: tags are limited to those of YAML's JSON schema ruleset, and keys
to text. So `NO`, `on`, `2026-11-29`, `12:30:00`, `0755`, `1_000` and `=` are words, which YAML 1.1 takes for a
yes or no, a date, a number of seconds, an octal number, a thousand and an error.
"""

import re
from collections.abc import Callable, Hashable
from functools import cache
from typing import Any

MAX_MERGED = 500
MAX_PARTS = 2_000_000
_INT, _FLOAT, _BOOL, _NULL = (f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null"))
_MERGE, _TEXT, _DATE = (f"tag:yaml.org,2002:{name}" for name in ("merge", "str", "timestamp"))
# The spellings of the core schema where it agrees with JSON on the value; each with the letters it may begin with.
_RULES: tuple[tuple[str, re.Pattern[str], str], ...] = (
    (_NULL, re.compile(r"(?:~|null|Null|NULL|)\Z"), "~nN\0"),
    (_BOOL, re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), "tTfF"),
    (_INT, re.compile(r"-?(?:0|[1-9][0-9]*)\Z"), "-0123456789"),
    (_FLOAT, re.compile(r"-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z"), "-.0123456789"),
    (_MERGE, re.compile(r"<<\Z"), "<"),
)


class Repetitive(Exception):
    """A small text unfolds into far too much."""


@cache
def loader_over(base: Any, scalar: Any, version: str = "1.2") -> Any:
    """A safe loader of PyYAML with bounds; `scalar` is its class of plain nodes.

    It is taught YAML 1.2, or reads 1.1 as PyYAML does but for dates, which stay words.
    """

    class Bounded(base):  # type: ignore[misc]
        """Refuses merges that a small text could unfold into gigabytes; other aliases share what they name."""

        merged = 0

        def flatten_mapping(self, node: Any) -> None:
            for key, value in node.value:
                if key.tag == _MERGE and isinstance(value, scalar):
                    key.tag = _TEXT  # nothing to merge: a field of that name
                elif key.tag == _MERGE and len(value.value) > MAX_MERGED:
                    raise Repetitive
            super().flatten_mapping(node)
            self.merged += len(node.value)
            if self.merged > MAX_PARTS:
                raise Repetitive

    if version == "1.1":
        Bounded.yaml_implicit_resolvers = {
            letter: [(tag, pattern) for tag, pattern in rules if tag != _DATE]
            for letter, rules in base.yaml_implicit_resolvers.items()
        }
        return Bounded
    return _json_like(Bounded, scalar)


def _json_like(base: Any, scalar: Any) -> Any:
    class Loader(base):  # type: ignore[misc]
        yaml_implicit_resolvers = _resolvers()

        def flatten_mapping(self, node: Any) -> None:
            super().flatten_mapping(node)
            for key, _ in node.value:
                if isinstance(key, scalar):
                    key.tag = _TEXT

    Loader.add_constructor(_MERGE, lambda loader, node: node.value)
    Loader.add_constructor(_INT, _number(int))
    Loader.add_constructor(_FLOAT, _number(float))
    return Loader


def _resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for tag, pattern, first in _RULES:
        for letter in first:
            found.setdefault("" if letter == "\0" else letter, []).append((tag, pattern))
    return found


def _number(read: Callable[[str], Hashable]) -> Callable[[Any, Any], Hashable]:
    def construct(loader: Any, node: Any) -> Hashable:
        text: str = loader.construct_scalar(node)
        try:
            return read(text)
        except ValueError:
            return text  # thousands of digits, or a tag that promised a number

    return construct
