"""Formulas in the cells of tables, which a spreadsheet would work out when it opens the file."""

import re

_SIGNS = "=+-@＝＋－＠"
"""What a formula begins with, also in the wide signs that spreadsheets take for the same."""
_NUMBER = re.compile(r"[+-]?(?:\d[\d.,'’ \u00a0\u202f]*+|[.,]\d++)(?:[eE][+-]?\d{1,3})?[ \u00a0\u202f]?[%€$£¥元]?")
_CELL = re.compile(
    r"""(?P<before>(?:^|[\r\n,;\t|])[ \u00a0\ufeff]*+)
        (?:(?P<quoted>"(?:[^"]|"")*+(?:"|\Z)) | (?P<plain>[^\r\n,;\t|"][^\r\n,;\t|]*+))?""",
    re.VERBOSE,
)
"""A cell by any sign that may part cells: which of them does is for the program to say that opens the file."""


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet may take a cell for a formula; -5 and +3.2 and -12 % are numbers."""
    bare = cell.strip()
    return len(bare) > 1 and bare[0] in _SIGNS and not _NUMBER.fullmatch(bare)


def without_formulas(table: str) -> str:
    """The text of a table in which each formula begins with a quotation mark, which makes it words."""
    return _CELL.sub(_harmless, table)


def _harmless(cell: re.Match[str]) -> str:
    if cell["quoted"] and is_formula(cell["quoted"][1:].removesuffix('"')):
        return f"{cell['before']}\"'{cell['quoted'][1:]}"
    if cell["plain"] and is_formula(cell["plain"]):
        return f"{cell['before']}'{cell['plain']}"
    return cell[0]
