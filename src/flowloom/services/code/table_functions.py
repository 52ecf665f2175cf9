"""What code may do with tables: read, keep, sort, group, join and draw them.

The same functions serve both engines. Inside the walls there is nothing but the standard library, so nothing else
is imported here; what is wrong is said in English, as Python says it, to whoever wrote the code.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flowloom.services.code.table_values import (
    LONGEST,
    MAX_CELLS,
    MAX_ROWS,
    as_list,
    check_lengths,
    checked_rows,
    facts_of,
    hashable,
    is_empty,
    labelled,
    number,
    rank,
    said,
    stem_of,
    summed,
    test_called,
    wrong,
)

Rows = list[dict[str, Any]]

MAX_CHARTS = 6
MAX_SERIES = 8
KINDS = {
    **dict.fromkeys(("bar", "bars", "column", "columns", "barh"), "bar"),
    **dict.fromkeys(("line", "lines"), "line"),
    **dict.fromkeys(("pie", "donut"), "pie"),
    **dict.fromkeys(("scatter", "points"), "scatter"),
    **dict.fromkeys(("histogram", "hist"), "histogram"),
}


class TableFunctions:
    """The functions of one run, over its tables; the charts it asked for are kept."""

    def __init__(
        self,
        tables: Mapping[str, tuple[Sequence[str], Sequence[Any]]],
        check_time: Callable[[], None] = lambda: None,
        most_handed: int = MAX_ROWS,
    ) -> None:
        self._tables, self._check_time, self._most_handed = dict(tables), check_time, most_handed
        self.charts: list[dict[str, Any]] = []

    def all(self) -> dict[str, Callable[..., Any]]:
        """Every function by the name code calls it."""
        names = (
            self.tables, self.rows, self.columns, self.describe, self.where, self.select, self.sort, self.top,
            self.aggregate, self.group, self.pivot, self.join, self.chart,
        )  # fmt: skip
        return {function.__name__: self._timed(function) for function in names}

    def _timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*values: Any, **named: Any) -> Any:
            self._check_time()
            found = function(*values, **named)
            if isinstance(found, list) and len(found) > self._most_handed:
                raise wrong(
                    f"These are {len(found)} rows, too many to hand over. Give the table's name to group()."
                )
            return found

        call.__name__ = function.__name__
        return call

    # -- reading

    def tables(self) -> list[str]:
        return list(self._tables)

    def rows(self, table: Any = None) -> Rows:
        return list(self._rows(table))

    def columns(self, table: Any = None) -> list[str]:
        return self._columns(table)

    def describe(self, table: Any = None) -> Rows:
        """A row of facts about each column."""
        rows = self._rows(table)
        return [facts_of(name, [row.get(name) for row in rows]) for name in self._columns(table)]

    def _named(self, name: str) -> tuple[Sequence[str], Sequence[Any]]:
        if name in self._tables:
            return self._tables[name]
        near = [each for each in self._tables if stem_of(each) == stem_of(name)]
        if len(near) == 1:
            return self._tables[near[0]]
        raise wrong(f"There is no table called {said(name)!r}. The tables are: {list(self._tables)}")

    def _rows(self, table: Any) -> Sequence[dict[str, Any]]:
        if table is None and self._tables:
            return next(iter(self._tables.values()))[1]
        if isinstance(table, str):
            return self._named(table)[1]
        if hasattr(table, "to_dict"):  # a data frame, where there is pandas
            table = table.reset_index().to_dict("records")
        return checked_rows([table] if isinstance(table, Mapping) else table)

    def _columns(self, table: Any) -> list[str]:
        if table is None and self._tables:
            return list(next(iter(self._tables.values()))[0])
        if isinstance(table, str):
            return list(self._named(table)[0])
        return list(dict.fromkeys(name for row in self._rows(table) for name in row))

    def _column(self, table: Any, name: Any) -> str:
        columns, wanted = self._columns(table), said(name)
        near = [each for each in columns if each.strip().casefold() == wanted.strip().casefold()]
        if wanted not in columns and not near:
            raise wrong(f"There is no column called {wanted!r}. The columns are: {columns[:50]}")
        return wanted if wanted in columns else near[0]

    def _named_columns(self, table: Any, names: Any) -> list[str]:
        wanted = as_list(names)
        if len(wanted) > LONGEST:
            raise wrong(f"At most {LONGEST} columns can be named.")
        return [self._column(table, name) for name in wanted]

    # -- keeping and sorting

    def where(self, table: Any, column: str, test: str, value: Any) -> Rows:
        """The rows whose cell passes the test."""
        passes = test_called(test)
        name = self._column(table, column)
        value = as_list(value) if said(test) == "in" else value
        return [row for row in self._rows(table) if passes(row.get(name), value)]

    def select(self, table: Any, columns: Sequence[str]) -> Rows:
        wanted = self._named_columns(table, columns)
        return [{name: row.get(name) for name in wanted} for row in self._rows(table)]

    def sort(self, table: Any, by: Any, descending: bool = False) -> Rows:
        """The rows in order; empty cells come last either way."""
        found = list(self._rows(table))
        for name in reversed(self._named_columns(table, as_list(by)[:20])):
            full = [row for row in found if not is_empty(row.get(name))]
            empty = [row for row in found if is_empty(row.get(name))]
            found = sorted(full, key=lambda row: rank(row[name]), reverse=bool(descending)) + empty
        return found

    def top(self, table: Any, by: str, n: int = 5) -> Rows:
        return self.sort(table, by, descending=True)[: max(0, int(n))]

    # -- summing up

    def aggregate(self, table: Any, column: str | None = None, how: str = "sum") -> Any:
        """One number from a column."""
        rows = self._rows(table)
        if column is None:
            return len(rows)
        name = self._column(table, column)
        return summed([row.get(name) for row in rows], how)

    def group(self, table: Any, by: Any, column: Any = None, how: str = "sum") -> Rows:
        """A row for each value of `by`, with what the values of the columns come to, or how many rows there are."""
        keys, wanted = self._named_columns(table, by), self._named_columns(table, column)
        found: dict[tuple[Any, ...], Rows] = {}
        for row in self._rows(table):
            found.setdefault(tuple(hashable(row.get(name)) for name in keys), []).append(row)
        return [
            {
                **dict(zip(keys, values, strict=True)),
                **({name: summed([row.get(name) for row in rows], how) for name in wanted} or {"count": len(rows)}),
            }
            for values, rows in found.items()
        ]

    def pivot(self, table: Any, by: str, across: str, column: str | None = None, how: str = "sum") -> Rows:
        """A row for each value of `by`, a column for each value of `across`."""
        down, over = self._column(table, by), self._column(table, across)
        found: dict[Any, dict[str, Any]] = {}
        for row in self.group(table, [down, over], column, "count" if column is None else how):
            value = row[self._column(table, column)] if column is not None else row["count"]
            found.setdefault(row[down], {down: row[down]})[str(row[over])] = value
        names = dict.fromkeys(name for row in found.values() for name in row)
        if len(names) > LONGEST or len(names) * len(found) > MAX_CELLS:
            raise wrong(f"{over!r} has too many different values to be columns.")
        return [{name: row.get(name) for name in names} for row in found.values()]

    def join(self, left: Any, right: Any, on: Any, how: str = "inner") -> Rows:
        """The rows of two tables side by side where they agree; `how` may also be "left"."""
        pair = as_list(on)
        mine, other = self._column(left, pair[0]), self._column(right, pair[-1])
        found: dict[Any, Rows] = {}
        for row in self._rows(right):
            found.setdefault(hashable(row.get(other)), []).append(row)
        joined: Rows = []
        width = len(self._columns(left)) + len(self._columns(right))
        for row in self._rows(left):
            matches = found.get(hashable(row.get(mine))) or ([{}] if how == "left" else [])
            if (len(joined) + len(matches)) * width > MAX_CELLS:
                raise wrong("The tables together have too many rows. Join by another column.")
            joined += [{**match, **row} for match in matches]
        return joined

    # -- drawing

    def chart(
        self,
        kind: str,
        data: Any = None,
        x: Any = None,
        y: Any = None,
        title: str = "",
        x_title: str = "",
        y_title: str = "",
    ) -> None:
        """Have a chart drawn: of columns of `data`, or of lists `x` and `y`."""
        if len(self.charts) >= MAX_CHARTS:
            raise wrong(f"At most {MAX_CHARTS} charts can be drawn.")
        drawn = KINDS.get(said(kind))
        if drawn is None:
            raise wrong(f"There is no chart {said(kind)!r}. Use one of {sorted(set(KINDS.values()))}")
        labels, series, names = self._points(drawn, data, x, y)
        if not series or not any(isinstance(value, int | float) for _, values in series for value in values):
            raise wrong("There is no number to draw. y has to name columns of numbers.")
        self.charts.append(
            {
                "kind": drawn,
                "title": said(title),
                "x": labels,
                "series": [{"name": name[:LONGEST], "values": values} for name, values in series],
                "x_title": said(x_title or names[0]),
                "y_title": said(y_title or names[1]),
            }
        )

    def _points(
        self, kind: str, data: Any, x: Any, y: Any
    ) -> tuple[list[Any], list[tuple[str, list[float | None]]], tuple[str, str]]:
        if data is None:
            values = as_list(x if kind == "histogram" and y is None else y)
            labels = [] if y is None else as_list(x)
            check_lengths(len(values), len(labels) if labels else len(values))
            return [labelled(each, kind) for each in labels], [("", [number(each) for each in values])], ("", "")
        rows = self._rows(data)
        if kind == "histogram" and y is None:
            x, y = None, x
        names = self._named_columns(data, y)[:MAX_SERIES]
        over = self._column(data, x) if x is not None else ""
        check_lengths(len(rows), len(rows))
        labels = [labelled(row.get(over), kind) for row in rows] if over else []
        series = [(name, [number(row.get(name)) for row in rows]) for name in names]
        return labels, series, (over, names[0] if len(names) == 1 else "")
