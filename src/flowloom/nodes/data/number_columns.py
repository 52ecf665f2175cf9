"""Columns whose cells are numbers as people write them: 1 234,50 or $1,234.50 or 12 %."""

import re
from collections.abc import Sequence
from typing import Any

_SIGNS = re.compile(r"^[€$£¥元\s]+|(?<![€$£¥元%\s])[€$£¥元%\s]+$")
_NOTHING = frozenset(("n/a", "na", "nan", "-", "–", "—", "null", "none", "nd", "无", "缺"))
_WHOLE = r"-?(?:0|[1-9]\d*|[1-9]\d{0,2}(?:[ \u00a0\u202f']\d{3})+)"
_COMMA = re.compile(rf"(?:{_WHOLE}|-?[1-9]\d{{0,2}}(?:\.\d{{3}})+)(?:,\d+)?")
_POINT = re.compile(rf"(?:{_WHOLE}|-?[1-9]\d{{0,2}}(?:,\d{{3}})+)(?:\.\d+)?")
_SURELY_COMMA = re.compile(r",(?:\d{1,2}|\d{4,})$")
_DECIMAL_COMMA = re.compile(r"-?(?:0|[1-9]\d{0,14}),\d{1,10}")
_GROUPS = re.compile(r"[ \u00a0\u202f']")


def with_numbers(columns: Sequence[str], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, with every column turned into numbers that holds nothing else."""
    for name in columns:
        texts = {row[name] for row in rows if isinstance(row[name], str) and not _is_nothing(row[name])}
        if texts and (known := _numbers(texts)):
            for row in rows:
                row[name] = known.get(row[name], row[name])
    return rows


def with_decimal_commas(columns: Sequence[str], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, with every column turned into numbers that holds only such as 3,50; 1,234 might be a thousand."""
    for name in columns:
        texts = {row[name] for row in rows if isinstance(row[name], str) and row[name]}
        if texts and all(map(_DECIMAL_COMMA.fullmatch, texts)) and any(map(_SURELY_COMMA.search, texts)):
            for row in rows:
                row[name] = float(row[name].replace(",", ".")) if row[name] in texts else row[name]
    return rows


def number_columns(columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """The columns that hold more numbers than words."""
    return tuple(name for name in columns if _is_number_column([row[name] for row in rows]))


def _is_number_column(values: Sequence[Any]) -> bool:
    full = [value for value in values if not (isinstance(value, str) and _is_nothing(value))]
    return 2 * sum(isinstance(value, int | float) for value in full) > len(full)


def _is_nothing(text: str) -> bool:
    return not text.strip() or text.strip().casefold() in _NOTHING


def _numbers(texts: set[str]) -> dict[Any, float | int]:
    """What each text is as a number; nothing where one of them is none."""
    bare = {text: _SIGNS.sub("", text).replace("−", "-") for text in texts}
    by_comma = any(_SURELY_COMMA.search(text) for text in bare.values())
    shape = _COMMA if by_comma else _POINT
    if not all(shape.fullmatch(text) for text in bare.values()):
        return {}
    return {text: _read(found, by_comma) for text, found in bare.items()}


def _read(text: str, by_comma: bool) -> float | int:
    text = _GROUPS.sub("", text)
    text = text.replace(".", "").replace(",", ".") if by_comma else text.replace(",", "")
    return float(text) if "." in text else int(text)
