"""A crawl of a store in memory: its columns recognised by name, broken rows counted, languages detected once.

The table is read by DuckDB with a limit of memory, and from then on nothing else of this computer can be read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from flowloom.errors import FlowloomError
from flowloom.insights.columns import COLUMNS, SAID, matched
from flowloom.insights.languages import languages_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST_BYTES = 2_000_000_000
ENDINGS = ("csv", "parquet", "jsonl")
MEMORY = "1GB"
THREADS = 2
LONGEST_ROW = 4_000_000
"""Bytes of one row of a CSV file."""


class InsightsError(FlowloomError):
    """A table that cannot be read, or not as one of GPTs."""

    code = "insights"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of loading: rows that count, rows that could not be read, and columns that were not there."""

    rows: int
    broken: int
    lacking: tuple[str, ...]
    ignored: tuple[str, ...]


class Table:
    """One loaded table of GPTs. Safe to use from several threads, one question at a time."""

    def __init__(self) -> None:
        self._db, self._lock = _connect(), Lock()
        self.loaded = Loaded(0, 0, (), ())

    def ask(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows that a question finds. Raises InsightsError where there is too much for the memory."""
        import duckdb

        with self._lock:
            try:
                return self._db.execute(sql, list(values)).fetchall()
            except duckdb.OutOfMemoryException:
                raise InsightsError(
                    "This table is too large for this question.",
                    "Choose fewer GPTs with the filters, or load a part of the table.",
                    code="insights.memory",
                ) from None

    def load_file(self, path: Path, name: str) -> Loaded:
        """Take in a CSV, Parquet or JSON Lines file; `name` tells which. Raises InsightsError."""
        _check(path, name)
        ending = name.lower().removesuffix(".gz").rpartition(".")[2]
        self._fill(f"SELECT * FROM {_reader(ending, name)}", [str(path)], ending)
        self._db.execute("SET enable_external_access = false")
        return self.loaded

    def load_rows(self, rows: Iterable[dict[str, Any]]) -> Loaded:
        """Take in rows of one's own store, with the names of `COLUMNS`."""
        listed = [tuple(_text(row.get(column)) for column in COLUMNS) for row in rows]
        names = ", ".join(f"{column} VARCHAR" for column in COLUMNS)
        self._db.execute(f"CREATE OR REPLACE TEMP TABLE given ({names})")
        if listed:
            self._db.executemany(f"INSERT INTO given VALUES ({', '.join('?' * len(COLUMNS))})", listed)
        self._normalise("given", list(COLUMNS), 0)
        return self.loaded

    def _fill(self, sql: str, values: list[str], ending: str) -> None:
        import duckdb

        try:
            self._db.execute(f"CREATE OR REPLACE TEMP TABLE given AS {sql}", values)
            broken = self._rejected(ending)
            found = self._db.execute("DESCRIBE given").fetchall()
            self._normalise("given", [row[0] for row in found], broken)
        except duckdb.OutOfMemoryException:
            raise InsightsError(
                "This table is too large for the memory of Insights.",
                "Load a part of it, or write it as Parquet with fewer columns.",
                code="insights.memory",
            ) from None
        except duckdb.Error:
            # Its own words name files of this computer.
            raise InsightsError(
                "This file couldn’t be read as a table.",
                "Open it in a spreadsheet to see whether it is whole, then save it as CSV and load that.",
                code="insights.unreadable",
            ) from None
        finally:
            self._db.execute("DROP TABLE IF EXISTS given")

    def _rejected(self, ending: str) -> int:
        """Rows of a CSV file that could not be read."""
        if ending != "csv":
            return 0
        (count,) = self._db.execute("SELECT count(DISTINCT line) FROM reject_errors").fetchone() or (0,)
        return int(count)

    def _normalise(self, source: str, names: list[str], broken: int) -> None:
        """The same columns for every table, each of one type."""
        known, ignored = matched(names)
        if "title" not in known:
            raise InsightsError(
                "This table has no column with the names of GPTs.",
                "Name one of its columns “title”. It has: {columns}.",
                code="insights.title",
                columns=", ".join(names[:12])[:300] or "–",
            )
        chosen = ", ".join(_column(column, known.get(column)) for column in COLUMNS)
        self._db.execute(
            f"CREATE OR REPLACE TABLE typed AS SELECT row_number() OVER () AS id, {chosen} FROM {source}"
        )
        self._db.execute(f"CREATE OR REPLACE TEMP TABLE spoken AS {languages_sql('typed')}")
        self._db.execute(
            "CREATE OR REPLACE TABLE gpts AS SELECT * REPLACE (coalesce(nullif(lower(t.language), ''), s.language) "
            "AS language), coalesce(list_extract(categories, 1), '') AS category FROM typed t "
            "JOIN (SELECT id, language FROM spoken) s USING (id) WHERE trim(coalesce(title, '')) <> ''"
        )
        self._db.execute("DROP TABLE spoken")
        (every,) = self._db.execute("SELECT count(*) FROM typed").fetchone() or (0,)
        (rows,) = self._db.execute("SELECT count(*) FROM gpts").fetchone() or (0,)
        self._db.execute("DROP TABLE typed")
        if not rows:
            raise InsightsError("This table has no rows with a name.", "Load another one.", code="insights.empty")
        lacking = tuple(SAID[column] for column in COLUMNS if column not in known and column != "language")
        self.loaded = Loaded(int(rows), broken + int(every) - int(rows), lacking, tuple(ignored))

    def close(self) -> None:
        self._db.close()


def _connect() -> "DuckDBPyConnection":
    try:
        import duckdb
    except ImportError:
        raise InsightsError(
            "Insights needs DuckDB, which isn’t installed here.",
            "Install it with: pip install “flowloom[insights]”. Then start Flowloom again.",
            code="insights.missing",
        ) from None
    return duckdb.connect(
        config={
            "memory_limit": MEMORY,
            "threads": str(THREADS),
            "preserve_insertion_order": "false",
            # It shall neither fetch anything by itself nor leave anything behind.
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "temp_directory": "",
        }
    )


def _check(path: Path, name: str) -> None:
    ending = name.lower().removesuffix(".gz").rpartition(".")[2]
    if ending not in ENDINGS:
        raise InsightsError(
            "“{name}” is no table that Insights can read.",
            "Load a file that ends with .csv, .parquet or .jsonl.",
            code="insights.ending",
            name=name[:100],
        )
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise InsightsError(
            "This file has {size} GB. Insights reads up to {most} GB.",
            "Load a part of it, or write it as Parquet with fewer columns.",
            code="insights.large",
            size=f"{size / 1e9:.1f}",
            most=f"{MOST_BYTES / 1e9:g}",
        )
    if not size:
        raise InsightsError("This file is empty.", "Load another one.", code="insights.empty")


def _reader(ending: str, name: str) -> str:
    packed = "gzip" if name.lower().endswith(".gz") else "none"
    match ending:
        case "csv":
            return (
                "read_csv(?, header = true, all_varchar = true, store_rejects = true, null_padding = false, "
                f"max_line_size = {LONGEST_ROW}, compression = '{packed}', sample_size = 2000)"
            )
        case "jsonl":
            return (
                "read_json(?, format = 'newline_delimited', ignore_errors = true, union_by_name = true, "
                f"sample_size = 5000, maximum_depth = 2, compression = '{packed}')"
            )
    return "read_parquet(?)"


def _column(column: str, given: str | None) -> str:
    """A column of ours from one that is there, or empty."""
    if given is None:
        return f"{_EMPTY.get(column, 'NULL::VARCHAR')} AS {column}"
    name = '"' + given.replace('"', '""') + '"'
    return f"{_AS.get(column, '{0}::VARCHAR').format(name)} AS {column}"


_LIST = (
    "list_filter(list_transform("
    "string_split(translate(lower({0}::VARCHAR), ',;|[]\"''', '|||'), '|'), "
    "lambda x: trim(x)), lambda x: x <> '')"
)
# “1.2K+” and “100,000” as a store shows them.
_NUMBER = (
    "coalesce(try_cast({0} AS DOUBLE), "
    "try_cast(replace(regexp_extract({0}::VARCHAR, '[0-9][0-9.,]*'), ',', '') AS DOUBLE) * "
    "CASE WHEN {0}::VARCHAR ILIKE '%m%' THEN 1e6 WHEN {0}::VARCHAR ILIKE '%k%' THEN 1e3 ELSE 1 END)"
)
_AS = {
    "categories": f"coalesce({_LIST}, [])",
    "tools": f"coalesce(list_sort(list_distinct({_LIST})), [])",
    "starters": (
        "CASE WHEN {0} IS NULL OR trim({0}::VARCHAR) IN ('', '[]') THEN 0 ELSE 1 "
        "+ (length({0}::VARCHAR) - length(replace({0}::VARCHAR, '||', ''))) // 2 "
        "+ (length({0}::VARCHAR) - length(replace({0}::VARCHAR, '\", \"', ''))) // 4 END"
    ),
    "created": "coalesce(try_cast({0} AS DATE), try_cast(try_cast({0} AS TIMESTAMP) AS DATE), "
    "to_timestamp(try_cast({0} AS DOUBLE))::DATE)",
    "conversations": f"try_cast(round({_NUMBER}) AS BIGINT)",
    "ratings": f"try_cast(round({_NUMBER}) AS BIGINT)",
    "rating": "try_cast(replace({0}::VARCHAR, ',', '.') AS DOUBLE)",
}
_EMPTY = {
    "categories": "[]::VARCHAR[]",
    "tools": "[]::VARCHAR[]",
    "starters": "NULL::BIGINT",
    "created": "NULL::DATE",
    "conversations": "NULL::BIGINT",
    "ratings": "NULL::BIGINT",
    "rating": "NULL::DOUBLE",
}


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return "|".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
