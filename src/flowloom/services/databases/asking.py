"""One statement and its rows, as plain values that can be shown, kept and handed on."""

import re
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flowloom.errors import DatabaseError
from flowloom.kinds.databases import Query, Rows
from flowloom.locales import Verbatim
from flowloom.services.databases.settings import Database

if TYPE_CHECKING:
    from sqlalchemy import Engine

MOST_ROWS = 10_000
_QUOTED = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*")|%""")
_ALONE = re.compile(
    r"(set|reset|begin|start|commit|end|rollback|abort|savepoint|release|listen|discard|use)\b", re.IGNORECASE
)
"""What would only change how later statements of the same connection work."""
_TELLING = re.compile(r"show\s+[\w.]+$|explain\s+(?!\(|analy[sz]e|verbose)", re.IGNORECASE)
LONGEST_CELL = 20_000
MOST_CHARACTERS = 5_000_000
MOST_TABLES = 200


def ask(engine: "Engine", database: Database, query: Query) -> Rows:
    """What the database answers. Raises DatabaseError."""
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    most = max(1, min(query.most, MOST_ROWS))
    statement, values = _statement(query, database.kind, most)
    try:
        with engine.connect() as connection:
            found = connection.execute(text(statement), values)
            if found.returns_rows:
                rows = _rows(list(found.keys()), found, most)
            else:
                rows = Rows(changed=max(0, found.rowcount))
            if query.change:
                connection.commit()
    except (SQLAlchemyError, OSError, ValueError, TypeError, OverflowError) as error:
        raise _failure(database, error) from None
    finally:
        engine.dispose()
    return rows


def _statement(query: Query, kind: str, most: int) -> tuple[str, dict[str, Any]]:
    """The statement with a name in the place of each value, so that no value is ever read as SQL."""
    # A colon or percent sign of the statement is its own; only ours are places for values.
    parts = [part.replace(":", "\\:") for part in query.parts]
    if kind == "postgres":
        # The driver wants them doubled, but not between quotes.
        parts = [_QUOTED.sub(lambda found: found[1] or "%%", part) for part in parts]
    names = [f"value_{number}" for number in range(len(query.values))]
    filled = parts[0] + "".join(f":{name}{part}" for name, part in zip(names, parts[1:], strict=True))
    values: dict[str, Any] = dict(zip(names, query.values, strict=True))
    statement = filled.strip().rstrip(";").rstrip()
    if not query.change and (alone := _ALONE.match(statement)):
        raise DatabaseError(
            "{word} has no effect here, because each query runs separately.",
            "Remove it, and only query what you need.",
            code="database.statement",
            word=alone[1].upper(),
        )
    # Two that only tell of the server and do not fit into brackets; nothing that could end them may follow.
    if kind == "postgres" and not query.change and not (_TELLING.match(statement) and ";" not in statement):
        # Within brackets only a question fits, and with a value of ours the server takes no second statement.
        return f"SELECT * FROM (\n{statement}\n) AS asked LIMIT :most", {**values, "most": most + 1}
    return statement, values


def _rows(columns: list[str], found: Iterable[Any], most: int) -> Rows:
    names = _each_once(columns)
    rows: list[dict[str, Any]] = []
    room = MOST_CHARACTERS
    for row in found:
        values = {name: _plain(value) for name, value in zip(names, row, strict=True)}
        room -= sum(len(str(value)) for value in values.values())
        if len(rows) == most or room < 0:
            return Rows(columns=tuple(names), rows=tuple(rows), more=True)
        rows.append(values)
    return Rows(columns=tuple(names), rows=tuple(rows))


def _each_once(columns: list[str]) -> list[str]:
    """The names of the columns, a number behind those that come again."""
    names: list[str] = []
    for column in columns:
        name, number = str(column), 2
        while name in names:
            name, number = f"{column} ({number})", number + 1
        names.append(name)
    return names


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int():
            return value
        case float():
            return value if isfinite(value) else str(value)
        case Decimal():
            return _number(value)
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta() | UUID():
            return str(value)
        case bytes() | bytearray() | memoryview():
            return f"({len(bytes(value))} bytes)"
        case Mapping():
            return {str(name): _plain(each) for name, each in value.items()}
        case list() | tuple() | set():
            return [_plain(each) for each in value]
    text = str(value)
    return text if len(text) <= LONGEST_CELL else text[:LONGEST_CELL] + " …"


def _number(value: Decimal) -> int | float | str:
    """A number of any size; as a text where a float would lose figures of it, or JSON has no word for it."""
    if not value.is_finite():
        return str(value)
    if value == value.to_integral_value() and abs(value) < 10**30:
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else format(value, "f")[:LONGEST_CELL]


def tables_of(engine: "Engine", database: Database) -> str:
    """Its tables and views with their columns, one a line. Raises DatabaseError."""
    from sqlalchemy import inspect
    from sqlalchemy.exc import SQLAlchemyError

    try:
        found = inspect(engine)
        names = [*found.get_table_names(), *found.get_view_names()][:MOST_TABLES]
        return "\n".join(f"{name} ({', '.join(_columns(found.get_columns(name)))})" for name in names)
    except (SQLAlchemyError, OSError, ValueError) as error:
        raise _failure(database, error) from None
    finally:
        engine.dispose()


def _columns(columns: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    return (f"{column['name']} {str(column['type']).lower()}" for column in columns)


def _failure(database: Database, error: Exception) -> DatabaseError:
    cause = getattr(error, "orig", None) or error
    match _reason(cause):
        case "read only":
            return DatabaseError(
                "This statement does more than read, which isn’t allowed here.",
                "Use a SELECT. To change data, allow it in the block and in Settings → Databases.",
                code="database.read_only",
            )
        case "slow":
            return DatabaseError(
                "“{name}” took too long to answer.",
                "Ask for less, or raise the block’s timeout.",
                code="database.slow",
                name=database.label,
            )
        case "unreachable":
            return DatabaseError(
                "“{name}” couldn’t be reached, or didn’t accept the sign-in.",
                "Test it in Settings → Databases.",
                code="database.connection",
                name=database.label,
            )
    return DatabaseError(
        "“{name}” couldn’t run the statement: {reason}",
        "Check the names of its tables and columns.",
        code="database.statement",
        name=database.label,
        reason=Verbatim(_first_line(cause) or type(cause).__name__),
    )


_SQLITE = {
    "SQLITE_AUTH": "read only",
    "SQLITE_READONLY": "read only",
    "SQLITE_INTERRUPT": "slow",
    "SQLITE_BUSY": "slow",
}
_POSTGRES = {"25006": "read only", "57014": "slow", "28": "unreachable", "08": "unreachable", "3D": "unreachable"}
"""Codes of PostgreSQL, whole or their class."""


def _reason(cause: object) -> str:
    """Why it failed, "" where it is the statement's fault."""
    if isinstance(cause, sqlite3.Error):
        return _SQLITE.get(getattr(cause, "sqlite_errorname", ""), "")
    code = _of_postgres(cause, "C")
    if isinstance(cause, TimeoutError):
        return "slow"
    return _POSTGRES.get(code) or _POSTGRES.get(code[:2], "") if code else "unreachable"


def _of_postgres(error: object, letter: str) -> str:
    """A part of what PostgreSQL says of an error, by the letter of its protocol; "" where it says none."""
    told = next(iter(getattr(error, "args", ())), "")
    return str(told.get(letter, "")) if isinstance(told, Mapping) else ""


def _first_line(error: object) -> str:
    """What a database says of an error, without what it was sent."""
    return (_of_postgres(error, "M") or str(error)).strip().partition("\n")[0][:300]
