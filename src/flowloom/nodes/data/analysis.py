"""What the blocks that run code share: the tables they find, what came of the code, and its charts as files."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any, NoReturn

from flowloom.errors import FlowloomError, NodeError
from flowloom.kinds.code import Chart, CodeResult, Failure, Picture, Table
from flowloom.kinds.context import NodeContext, Turn
from flowloom.kinds.table_text import sign_of
from flowloom.kinds.values import Attachment, TableFacts
from flowloom.locales import add_texts
from flowloom.nodes.data.number_columns import number_columns, with_numbers
from flowloom.nodes.data.tables import SHEET, cells_of, markdown_table, named
from flowloom.nodes.readable import first_words, readable

MAX_ROWS = 1_000_000
MAX_TEXT = 60_000_000
MAX_TABLES = 20
MOST_EARLIER = 5
"""Files of earlier messages that are read again: a question seldom goes further back."""
SHOWN_ROWS = 30
FIRST_ROWS = 3
MAX_CODE_TOLD = 5_000
ENDINGS = (".csv", ".tsv", ".xlsx", ".xlsm")
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]')

add_texts(
    {
        "zh": {
            "There is no table to work on.": "没有可以分析的表格。",
            "Attach a CSV or XLSX file to the message, or join a block that hands on a table.": (
                "请在消息中附上 CSV 或 XLSX 文件，或连接一个传出表格的模块。"
            ),
            "The table “{name}” is empty.": "表格“{name}”是空的。",
            "Fill in at least a row of names and a row of values.": "请至少填写一行列名和一行数值。",
        },
        "fr": {
            "There is no table to work on.": "Il n’y a aucun tableau à analyser.",
            "Attach a CSV or XLSX file to the message, or join a block that hands on a table.": (
                "Joignez un fichier CSV ou XLSX au message, ou reliez un bloc qui transmet un tableau."
            ),
            "The table “{name}” is empty.": "Le tableau « {name} » est vide.",
            "Fill in at least a row of names and a row of values.": (
                "Remplissez au moins une ligne de noms et une ligne de valeurs."
            ),
        },
    }
)


async def tables_in(values: Sequence[Any], turn: Turn) -> list[Table]:
    """The tables a block may work on, those a person sent before those joined to it. Raises NodeError."""
    # A million rows take seconds to read, in which other runs go on.
    return await asyncio.to_thread(_tables_in, values, turn)


def _tables_in(values: Sequence[Any], turn: Turn) -> list[Table]:
    found: dict[str, Table] = {}
    for name, text_or_rows in _sources([*turn.attachments, *turn.earlier[:MOST_EARLIER], *values]):
        table = _table(name, text_or_rows)
        found.setdefault(table.name, table)
        if len(found) == MAX_TABLES:
            break
    return list(found.values())


def _sources(values: Sequence[Any], called: str = "table") -> Iterator[tuple[str, Any]]:
    """Each table by its name: a text, or rows."""
    for value in values:
        if isinstance(value, dict) and {"id", "name", "text"} <= set(value):
            value = Attachment.model_validate(value)
        if isinstance(value, Attachment):
            yield from _sheets(value) if is_table(value) else ()
        elif isinstance(value, str) and value.strip():
            yield called, value
        elif isinstance(value, list | tuple) and value:
            are_rows = isinstance(value[0], dict) and "text" not in value[0]
            yield from [(called, value)] if are_rows else _sources(value)


def is_table(file: Attachment) -> bool:
    """Whether a file holds rows, by its name or by what stands in it."""
    if file.name.lower().endswith(ENDINGS):
        return bool(file.text.strip())
    lines = file.text.lstrip("\ufeff").splitlines()[:20]
    if len(lines) < 2 or PurePath(file.name).suffix.lower() not in (".txt", ""):
        return False
    sign = sign_of("\n".join(lines))
    return len({line.count(sign) for line in lines}) == 1 and sign in lines[0]


def _sheets(file: Attachment) -> Iterator[tuple[str, str]]:
    parts = SHEET.split(file.text)
    if len(parts) < 3 or parts[0].strip():
        yield file.name, file.text
    else:
        yield from ((name, text) for name, text in zip(parts[1::2], parts[2::2], strict=True) if text.strip())


def _table(name: str, source: Any) -> Table:
    if isinstance(source, str):
        columns, rows = named(cells_of(source, MAX_ROWS, MAX_TEXT), header=True)
        rows = with_numbers(columns, rows)
    else:
        columns = list(dict.fromkeys(str(key) for row in source if isinstance(row, dict) for key in row))
        rows = [{key: row.get(key) for key in columns} for row in source if isinstance(row, dict)]
    if not columns:
        raise NodeError(
            "The table “{name}” is empty.",
            "Fill in at least a row of names and a row of values.",
            code="table.empty",
            name=name,
        )
    return Table(name=name, columns=tuple(columns), rows=rows)


def no_table() -> NodeError:
    return NodeError(
        "There is no table to work on.",
        "Attach a CSV or XLSX file to the message, or join a block that hands on a table.",
        code="table.none",
    )


def facts_of(table: Table) -> TableFacts:
    rows = [dict(row) for row in table.rows[:2_000]]
    return TableFacts(
        name=table.name,
        columns=table.columns,
        numbers=number_columns(table.columns, rows),
        count=len(table.rows),
        first=tuple(rows[:FIRST_ROWS]),
    )


def told(value: Any) -> str:
    """What code gave, as a text to read: rows as a table."""
    if isinstance(value, dict) and value and not any(isinstance(each, dict | list) for each in value.values()):
        return "\n".join(f"- {key}: {readable(each)}" for key, each in list(value.items())[:SHOWN_ROWS])
    if not isinstance(value, list) or not value or not all(isinstance(row, dict) for row in value):
        return readable(value)
    columns = list(dict.fromkeys(str(key) for row in value for key in row))
    more = f"\n\n… ({len(value)})" if len(value) > SHOWN_ROWS else ""
    return markdown_table(columns, value[:SHOWN_ROWS]) + more


def data_of(result: CodeResult) -> Any:
    """What code gave; where it only drew, what it drew."""
    if result.value is not None or not result.charts:
        return result.value
    chart = result.charts[0]
    labels = chart.x or range(1, len(chart.series[0].values) + 1)
    values = zip(*(series.values for series in chart.series), strict=True)
    names = [series.name or chart.y_title or "y" for series in chart.series]
    rows = zip(labels, values, strict=False)
    return [{chart.x_title or "x": label, **dict(zip(names, row, strict=True))} for label, row in rows]


def in_words(result: CodeResult) -> str:
    """What code gave and printed."""
    value = data_of(result)
    given = told(value) if value not in (None, "", []) else ""
    return "\n\n".join(part for part in (given, result.printed.strip()) if part)


def stopped(failure: Failure, code: str) -> NoReturn:
    """Tell a person what went wrong; the code goes along, so that it can be read."""
    told = {**failure.problem.params, "ran": code[:MAX_CODE_TOLD]}
    verbatim = (*failure.problem.verbatim, "ran")
    raise NodeError.from_problem(failure.problem.model_copy(update={"params": told, "verbatim": verbatim}))


async def pictures_of(result: CodeResult, ctx: NodeContext) -> list[Attachment]:
    """The charts as files that come with the answer; one that cannot be drawn or kept is told of and left out."""
    found = []
    for chart in result.charts:
        try:
            found.append(_kept(await ctx.services.code.draw(chart), file_name(chart), ctx))
        except FlowloomError as error:
            ctx.warn(error.problem)
    return found


def _kept(picture: Picture, name: str, ctx: NodeContext) -> Attachment:
    """A picture as a file. Where a block is only tried nothing is kept, and the file has no id."""
    name += ".png" if picture.media_type == "image/png" else ".svg"
    try:
        return ctx.services.files.save_bytes(name, picture.data, picture.media_type, replace=False)
    except NodeError:
        return Attachment(id="", name=name, media_type=picture.media_type, size=len(picture.data))


async def first_chart(result: CodeResult, ctx: NodeContext) -> dict[str, Any]:
    """The output `chart` of a block, where there is one; all of them come with the answer."""
    pictures = await pictures_of(result, ctx)
    return {"chart": pictures[0]} if pictures else {}


def file_name(chart: Chart) -> str:
    """The title of a chart as the name of a file."""
    name = " ".join(_NOT_IN_NAMES.sub(" ", chart.title).split()).strip(" .~-")
    while len(name.encode("utf-8", "replace")) > 80:
        name = name[:-1]
    return name.strip(" .~-") or first_words(chart.kind)
