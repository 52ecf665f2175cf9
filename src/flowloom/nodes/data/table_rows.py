"""The rows of a spreadsheet that one is looking for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field
from pydantic.config import JsonDict

from flowloom.errors import NodeError, Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import node_kind
from flowloom.nodes.data.number_columns import with_decimal_commas
from flowloom.nodes.data.tables import cells_of, markdown_table, named, sheet_of
from flowloom.nodes.logic.conditions import ORDERS, WITHOUT_VALUE, Condition, holds, is_empty
from flowloom.nodes.readable import first_words

MATCH_LABELS: JsonDict = {"all": "all conditions are true", "any": "one condition is true"}


class ColumnCondition(Condition):
    """One row of the form: a column, compared with a value."""

    input: str = Field(
        default="",
        title="Column",
        description="Name of the column in the first row.",
        max_length=200,
        json_schema_extra={"example": "Price"},
    )


class Config(BaseModel):
    conditions: list[ColumnCondition] = Field(
        default_factory=list,
        title="Keep rows where",
        description="Without conditions, all rows are kept.",
        max_length=20,
    )
    match: Literal["all", "any"] = Field(
        default="all",
        title="When",
        description="Whether all conditions have to be true, or one is enough.",
        json_schema_extra={"labels": MATCH_LABELS},
    )
    columns: str = Field(
        default="",
        title="Columns",
        description="Columns to pass on, one per line, in this order. Leave empty for all.",
        max_length=5_000,
        json_schema_extra={"widget": "textarea", "example": "Name"},
    )
    header: bool = Field(
        default=True,
        title="First row contains column names",
        description="If off, columns are called Column 1, Column 2 and so on.",
    )
    sheet: str = Field(
        default="",
        title="Sheet",
        description="Name of the sheet in an XLSX file. Leave empty for the first one.",
        max_length=200,
        json_schema_extra={"example": "March"},
    )
    most: int = Field(default=1_000, title="Maximum rows", description="Further rows are skipped.", ge=1, le=20_000)


class Inputs(BaseModel):
    table: str = Field(title="Table")


class Outputs(BaseModel):
    rows: list[dict[str, Any]] = Field(title="Rows")
    text: str = Field(title="Table to read")
    count: int = Field(title="Number of rows")


TEXTS = {
    "zh": {
        "Spreadsheet rows": "表格行",
        "Reads a CSV or XLSX file, or a table in a text, and passes on the rows and columns you want.": (
            "读取 CSV 或 XLSX 文件，或文本中的表格，并传出你想要的行和列。"
        ),
        "Column": "列",
        "Name of the column in the first row.": "要检查的列，按第一行中的名称填写。",
        "Price": "价格",
        "Comparison": "比较方式",
        "Keep rows where": "保留符合条件的行",
        "Without conditions, all rows are kept.": "没有条件时保留所有行。",
        "When": "条件关系",
        "Whether all conditions have to be true, or one is enough.": "需要满足所有条件，还是满足一个就够。",
        "Columns": "列（可多选）",
        "Columns to pass on, one per line, in this order. Leave empty for all.": (
            "要传出的列，每行一个，按此顺序。留空则传出全部。"
        ),
        "Name": "名称",
        "First row contains column names": "第一行是列名",
        "If off, columns are called Column 1, Column 2 and so on.": (
            "关闭后，各列称为 Column 1、Column 2，依此类推。"
        ),
        "Sheet": "工作表",
        "Name of the sheet in an XLSX file. Leave empty for the first one.": (
            "要读取的 XLSX 工作表名称。留空则读第一个。"
        ),
        "March": "三月",
        "Maximum rows": "最多行数",
        "Further rows are skipped.": "超出的行会被略去。",
        "Table": "表格",
        "Rows": "行",
        "Table to read": "便于阅读的表格",
        "Number of rows": "行数",
        "There is no column called “{name}”.": "没有名为“{name}”的列。",
        "The columns are: {columns}": "现有的列：{columns}",
        "A condition has no column.": "有一个条件没有指定列。",
        "Enter its column, or remove it.": "请填写列名，或删除该条件。",
    },
    "fr": {
        "Spreadsheet rows": "Lignes d’un tableau",
        "Reads a CSV or XLSX file, or a table in a text, and passes on the rows and columns you want.": (
            "Lit un fichier CSV ou XLSX, ou un tableau dans un texte, et transmet les lignes et colonnes voulues."
        ),
        "Column": "Colonne",
        "Name of the column in the first row.": "La colonne à examiner, par son nom dans la première ligne.",
        "Price": "Prix",
        "Comparison": "Comparaison",
        "Keep rows where": "Garder les lignes où",
        "Without conditions, all rows are kept.": "Sans condition, toutes les lignes sont gardées.",
        "When": "Quand",
        "Whether all conditions have to be true, or one is enough.": (
            "S’il faut que toutes les conditions soient remplies ou si une seule suffit."
        ),
        "Columns": "Colonnes",
        "Columns to pass on, one per line, in this order. Leave empty for all.": (
            "Les colonnes à transmettre, une par ligne, dans cet ordre. Vide : toutes."
        ),
        "Name": "Nom",
        "First row contains column names": "La première ligne donne les noms",
        "If off, columns are called Column 1, Column 2 and so on.": (
            "Désactivé : les colonnes s’appellent Column 1, Column 2, et ainsi de suite."
        ),
        "Sheet": "Feuille",
        "Name of the sheet in an XLSX file. Leave empty for the first one.": (
            "La feuille d’un fichier XLSX à lire, par son nom. Vide : la première."
        ),
        "March": "Mars",
        "Maximum rows": "Nombre maximal de lignes",
        "Further rows are skipped.": "Les lignes suivantes sont omises.",
        "Table": "Tableau",
        "Rows": "Lignes",
        "Table to read": "Tableau à lire",
        "Number of rows": "Nombre de lignes",
        "There is no column called “{name}”.": "Il n’y a pas de colonne « {name} ».",
        "The columns are: {columns}": "Les colonnes sont : {columns}",
        "A condition has no column.": "Une condition n’examine aucune colonne.",
        "Enter its column, or remove it.": "Nommez sa colonne, ou supprimez-la.",
    },
}


def check(config: Config) -> Iterable[Problem]:
    if any(not condition.input.strip() for condition in config.conditions):
        yield Problem.of("table.no_column", "A condition has no column.", "Enter its column, or remove it.")


def summary(config: Config) -> str:
    said = (f"{condition.input} {condition.value}".strip() for condition in config.conditions)
    return first_words(" · ".join(said))


@node_kind(
    id="table.rows",
    label="Spreadsheet rows",
    icon="table_rows",
    group="data",
    summarise=summary,
    check=check,
    tune="conditions",
    texts=TEXTS,
)
async def table_rows(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Reads a CSV or XLSX file, or a table in a text, and passes on the rows and columns you want."""
    columns, rows = named(cells_of(sheet_of(inputs.table, config.sheet)), config.header)
    rows = with_decimal_commas(columns, rows)
    kept = [row for row in rows if fits(config, row, columns, ctx.language)]
    wanted = [column_of(name, columns) for name in config.columns.splitlines() if name.strip()] or columns
    picked = [{name: row[name] for name in wanted} for row in kept[: config.most]]
    return Outputs(rows=picked, text=markdown_table(wanted, picked), count=len(kept))


def column_of(name: str, columns: Sequence[str]) -> str:
    """The column a person means, in any case. Raises NodeError."""
    found = next((column for column in columns if column.casefold() == name.strip().casefold()), None)
    if found is None:
        raise NodeError(
            "There is no column called “{name}”.",
            "The columns are: {columns}",
            code="table.column",
            name=name.strip(),
            columns=first_words(", ".join(columns), 300),
        )
    return found


def fits(config: Config, row: Mapping[str, Any], columns: Sequence[str], language: str) -> bool:
    met = (_holds(condition, row, columns, language) for condition in config.conditions)
    return not config.conditions or (all(met) if config.match == "all" else any(met))


def _holds(condition: Condition, row: Mapping[str, Any], columns: Sequence[str], language: str) -> bool:
    value = row[column_of(condition.input, columns)]
    # An empty cell is neither more nor less than a number.
    if condition.operator in ORDERS and is_empty(value):
        return False
    if condition.operator in WITHOUT_VALUE or condition.value.strip():
        return holds(condition, value, language)
    return is_empty(value) == (condition.operator == "is")
