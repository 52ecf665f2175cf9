"""What an expression of a program stands for once it is drawn: a thing known now, or the output of a block."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Known:
    """A value that stands in the program."""

    value: Any


@dataclass(frozen=True)
class Port:
    """What leaves a block by an output, written `node.port`. `type` is that of a field, "" if unknown."""

    at: str
    type: str = ""

    @property
    def node(self) -> str:
        return self.at.partition(".")[0]


@dataclass(frozen=True)
class Text:
    """A text of several parts, in their order."""

    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Record:
    """A dictionary whose keys are known."""

    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Written:
    """A value written as JSON, which becomes a block only where somebody reads it."""

    value: Any


@dataclass(frozen=True)
class Messages:
    """A conversation as the program keeps it: who says what. `before` is an output that holds what came earlier."""

    rows: tuple[tuple[str, Any], ...]
    before: Any = None


@dataclass(frozen=True)
class Answered:
    """What a run of an agent gives: its words, and its parsed output where it has one."""

    text: Any
    parsed: Any = None

    @property
    def output(self) -> Any:
        return self.text if self.parsed is None else self.parsed


@dataclass(frozen=True)
class Guarded:
    """The result of a guardrail: the block's outputs for what passed and what was stopped."""

    node: str


@dataclass(frozen=True)
class Agent:
    """An agent as the program defines it."""

    name: str
    settings: Mapping[str, ast.expr]


@dataclass(frozen=True)
class Tool:
    """A tool as the program defines it."""

    name: str
    type: str
    settings: Mapping[str, ast.expr]
    function: ast.FunctionDef | ast.AsyncFunctionDef | None = None


@dataclass(frozen=True)
class Thing:
    """A function, class or client that the program has by this name."""

    name: str
    node: Any = field(default=None, compare=False)


class Unread(Exception):
    """An expression that none of our blocks can stand for."""


@dataclass(frozen=True)
class Choice:
    """A value that depends on the way that was taken. `gate` leads on from where the ways met."""

    ways: tuple[tuple[Any, Any], ...]
    gate: tuple[str, ...] = ()
