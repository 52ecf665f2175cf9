"""Tables that code may work with, and the functions it has for them."""

from typing import Any

from flowloom.exchange.exporters.python.parts.errors import NodeError
from flowloom.nodes.data.number_columns import with_numbers
from flowloom.nodes.data.tables import cells_of, named
from flowloom.services.code.table_functions import TableFunctions


def table_functions(values: list[Any], files: list[dict[str, Any]]) -> dict[str, Any]:
    """The functions over the tables that arrived: those of a person's files before the others."""
    tables: dict[str, tuple[Any, Any]] = {}
    for name, source in [*((file["name"], file["text"]) for file in files), *(("table", each) for each in values)]:
        if isinstance(source, list):
            columns = list(dict.fromkeys(str(key) for row in source for key in row))
            rows = [{key: row.get(key) for key in columns} for row in source]
        else:
            columns, rows = named(cells_of(source, 1_000_000, 60_000_000), header=True)
            rows = with_numbers(columns, rows)
        if not columns:
            raise NodeError("The table “{name}” is empty.", name=name)
        tables.setdefault(name, (tuple(columns), rows))
    return TableFunctions(tables).all()
