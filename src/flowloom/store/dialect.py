"""The statements of the stores as PostgreSQL takes them."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

_NUMBERED = re.compile(r"\?(\d+)")
_TYPES = ((" BLOB", " BYTEA"), (" REAL", " DOUBLE PRECISION"), (" INTEGER", " BIGINT"), (" WITHOUT ROWID", ""))

FUNCTIONS = (
    "CREATE OR REPLACE FUNCTION json_extract(doc text, path text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS "
    "$$ SELECT doc::json #>> string_to_array(substr(path, 3), '.') $$",
    "CREATE OR REPLACE FUNCTION json_each(doc text) RETURNS TABLE (value text) LANGUAGE sql IMMUTABLE STRICT AS "
    "$$ SELECT json_array_elements_text(doc::json) $$",
)
"""What SQLite has and PostgreSQL calls otherwise, for paths such as `$.id` and lists."""


@lru_cache(maxsize=1_000)
def in_postgres(statement: str) -> str:
    """A statement with its values marked for the driver; LIKE does not mind case, as in SQLite."""
    said = statement.replace("%", "%%").replace(" LIKE ", " ILIKE ")
    if _NUMBERED.search(said):
        return _NUMBERED.sub(r"%(p\1)s", said)
    return said.replace("?", "%s")


def change_in_postgres(change: str) -> str:
    """A change of the tables, with the types of PostgreSQL."""
    for ours, theirs in _TYPES:
        change = change.replace(ours, theirs)
    return change


def values_for(statement: str, values: Sequence[Any]) -> "tuple[Any, ...] | dict[str, Any]":
    """The values of a statement; a NUL, which PostgreSQL keeps in no text, becomes U+FFFD."""
    clean = tuple(v.replace("\0", "\ufffd") if isinstance(v, str) and "\0" in v else v for v in values)
    if _NUMBERED.search(statement):
        return {f"p{number}": value for number, value in enumerate(clean, 1)}
    return clean
