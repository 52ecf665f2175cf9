"""What a sum may use: operations and functions with a limit on the size of their results."""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

MAX_DIGITS = 300


def power(base: float, exponent: float) -> Any:
    if base and abs(exponent) * abs(math.log10(abs(base))) > MAX_DIGITS:
        raise OverflowError
    return base**exponent


def rounded(number: float, digits: int = 0) -> float:
    """Halves go up, as at school: Python alone would make 2.5 a 2."""
    if not -15 <= digits <= 15:
        raise ValueError("digits")
    result = Decimal(str(number)).quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP)
    return float(result) if digits > 0 else int(result)


def factorial(number: float) -> int:
    if number > 170:
        raise OverflowError
    return math.factorial(_whole(number))


def average(*numbers: float) -> float:
    return sum(numbers) / len(numbers)


def _whole(number: float) -> int:
    if number != int(number):
        raise ValueError("whole number")
    return int(number)


OPERATORS: Mapping[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: power,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "sqrt": math.sqrt,
    "abs": abs,
    "round": rounded,
    "floor": math.floor,
    "ceil": math.ceil,
    "min": min,
    "max": max,
    "sum": lambda *numbers: sum(numbers),
    "average": average,
    "mod": operator.mod,
    "exp": math.exp,
    "ln": math.log,
    "log": math.log10,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "factorial": factorial,
}
SEVERAL_ARGUMENTS = frozenset({"round", "min", "max", "sum", "average", "mod"})
CONSTANTS: Mapping[str, float] = {"pi": math.pi, "e": math.e}
