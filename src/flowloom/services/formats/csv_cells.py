"""Cells of a table that people open in a spreadsheet."""

_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def as_cell(value: object) -> object:
    """What people wrote is text there, never a formula; all else stays as it is."""
    return f"'{value}" if isinstance(value, str) and value[:1] in _SIGNS else value
