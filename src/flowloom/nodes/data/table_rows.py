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

MATCH_LABELS: JsonDict = {"all": "all conditions hold", "any": "one condition holds"}


class ColumnCondition(Condition):
    """One row of the form: a column, compared with a value."""

    input: str = Field(
        default="",
        title="Column",
        description="The column to look at, by its name in the first row.",
        max_length=200,
        json_schema_extra={"example": "Price"},
    )


class Config(BaseModel):
    conditions: list[ColumnCondition] = Field(
        default_factory=list,
        title="Keep rows where",
        description="Without a condition, every row is kept.",
        max_length=20,
    )
    match: Literal["all", "any"] = Field(
        default="all",
        title="When",
        description="Whether every condition is needed or one is enough.",
        json_schema_extra={"labels": MATCH_LABELS},
    )
    columns: str = Field(
        default="",
        title="Columns",
        description="The columns to hand on, one a line, in this order. Empty: all of them.",
        max_length=5_000,
        json_schema_extra={"widget": "textarea", "example": "Name"},
    )
    header: bool = Field(
        default=True,
        title="The first row holds the names",
        description="Off: the columns are called Column 1, Column 2 and so on.",
    )
    sheet: str = Field(
        default="",
        title="Sheet",
        description="The sheet of an XLSX file to read, by its name. Empty: the first one.",
        max_length=200,
        json_schema_extra={"example": "March"},
    )
    most: int = Field(
        default=1_000, title="Rows at most", description="Further rows are left out.", ge=1, le=20_000
    )


class Inputs(BaseModel):
    table: str = Field(title="Table")


class Outputs(BaseModel):
    rows: list[dict[str, Any]] = Field(title="Rows")
    text: str = Field(title="Table to read")
    count: int = Field(title="How many rows")


TEXTS = {
    "zh": {
        "Spreadsheet rows": "表格行",
        "Reads a CSV or XLSX file, or a table in a text, and hands on the rows and columns you want.": (
            "读取 CSV 或 XLSX 文件，或文本中的表格，并传出你想要的行和列。"
        ),
        "Column": "列",
        "The column to look at, by its name in the first row.": "要检查的列，按第一行中的名称填写。",
        "Price": "价格",
        "Comparison": "比较方式",
        "Keep rows where": "保留符合条件的行",
        "Without a condition, every row is kept.": "没有条件时保留所有行。",
        "When": "条件关系",
        "Whether every condition is needed or one is enough.": "需要满足所有条件，还是满足一个就够。",
        "Columns": "列（可多选）",
        "The columns to hand on, one a line, in this order. Empty: all of them.": (
            "要传出的列，每行一个，按此顺序。留空则传出全部。"
        ),
        "Name": "名称",
        "The first row holds the names": "第一行是列名",
        "Off: the columns are called Column 1, Column 2 and so on.": (
            "关闭后，各列称为 Column 1、Column 2，依此类推。"
        ),
        "Sheet": "工作表",
        "The sheet of an XLSX file to read, by its name. Empty: the first one.": (
            "要读取的 XLSX 工作表名称。留空则读第一个。"
        ),
        "March": "三月",
        "Rows at most": "最多行数",
        "Further rows are left out.": "超出的行会被略去。",
        "Table": "表格",
        "Rows": "行",
        "Table to read": "便于阅读的表格",
        "How many rows": "行数",
        "There is no column called “{name}”.": "没有名为“{name}”的列。",
        "The columns are: {columns}": "现有的列：{columns}",
        "A condition looks at no column.": "有一个条件没有指定列。",
        "Name its column, or remove it.": "请填写列名，或删除该条件。",
    },
    "fr": {
        "Spreadsheet rows": "Lignes d’un tableau",
        "Reads a CSV or XLSX file, or a table in a text, and hands on the rows and columns you want.": (
            "Lit un fichier CSV ou XLSX, ou un tableau dans un texte, et transmet les lignes et colonnes voulues."
        ),
        "Column": "Colonne",
        "The column to look at, by its name in the first row.": (
            "La colonne à examiner, par son nom dans la première ligne."
        ),
        "Price": "Prix",
        "Comparison": "Comparaison",
        "Keep rows where": "Garder les lignes où",
        "Without a condition, every row is kept.": "Sans condition, toutes les lignes sont gardées.",
        "When": "Quand",
        "Whether every condition is needed or one is enough.": (
            "S’il faut que toutes les conditions soient remplies ou si une seule suffit."
        ),
        "Columns": "Colonnes",
        "The columns to hand on, one a line, in this order. Empty: all of them.": (
            "Les colonnes à transmettre, une par ligne, dans cet ordre. Vide : toutes."
        ),
        "Name": "Nom",
        "The first row holds the names": "La première ligne donne les noms",
        "Off: the columns are called Column 1, Column 2 and so on.": (
            "Désactivé : les colonnes s’appellent Column 1, Column 2, et ainsi de suite."
        ),
        "Sheet": "Feuille",
        "The sheet of an XLSX file to read, by its name. Empty: the first one.": (
            "La feuille d’un fichier XLSX à lire, par son nom. Vide : la première."
        ),
        "March": "Mars",
        "Rows at most": "Lignes au plus",
        "Further rows are left out.": "Les lignes suivantes sont omises.",
        "Table": "Tableau",
        "Rows": "Lignes",
        "Table to read": "Tableau à lire",
        "How many rows": "Nombre de lignes",
        "There is no column called “{name}”.": "Il n’y a pas de colonne « {name} ».",
        "The columns are: {columns}": "Les colonnes sont : {columns}",
        "A condition looks at no column.": "Une condition n’examine aucune colonne.",
        "Name its column, or remove it.": "Nommez sa colonne, ou supprimez-la.",
    },
}


def check(config: Config) -> Iterable[Problem]:
    if any(not condition.input.strip() for condition in config.conditions):
        yield Problem.of("table.no_column", "A condition looks at no column.", "Name its column, or remove it.")


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
    """Reads a CSV or XLSX file, or a table in a text, and hands on the rows and columns you want."""
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
