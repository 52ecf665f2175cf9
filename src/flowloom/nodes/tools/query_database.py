"""Ask a database by a statement written here, or let an agent look at its tables and ask."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from flowloom.errors import Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.databases import Query
from flowloom.kinds.kind import SENDS, node_kind
from flowloom.kinds.port import Port, PortType
from flowloom.kinds.values import ToolSpec
from flowloom.locales import translate
from flowloom.nodes.data.json_values import plain
from flowloom.nodes.data.tables import markdown_table
from flowloom.nodes.readable import first_words, readable
from flowloom.nodes.templates import find_placeholders, names_in, value_at
from flowloom.nodes.tools.requests import refuse

SHOWN = 50
"""Rows that the text tells; all of them are in the list."""


class Config(BaseModel):
    database: str = Field(
        default="practice",
        title="Database",
        description="Which one to ask. Add your own in Settings, under Databases.",
        max_length=100,
        json_schema_extra={"widget": "database"},
    )
    sql: str = Field(
        default="",
        title="Statement (SQL)",
        description=(
            "What to ask. {{name}} in double braces becomes an input, and its value stays a value. "
            "Left empty, an agent looks at the tables and writes it."
        ),
        max_length=20_000,
        json_schema_extra={
            "widget": "prompt",
            "code": True,
            "example": "SELECT title FROM books WHERE author LIKE '%' || {{author}} || '%'",
        },
    )
    most: int = Field(default=200, title="Rows", description="How many rows to hand on at most.", ge=1, le=10_000)
    timeout: float = Field(
        default=20, title="Patience in seconds", description="How long to wait for the answer.", ge=1, le=300
    )
    change: bool = Field(
        default=False,
        title="May change data",
        description="Lets the statement insert, update and delete. It has to be allowed in Settings as well.",
    )


class Inputs(BaseModel):
    model_config = ConfigDict(extra="allow")


class Outputs(BaseModel):
    text: str = Field(title="Rows as text")
    rows: list[dict[str, Any]] = Field(default=[], title="Rows")
    count: int = Field(default=0, title="How many")


TEXTS = {
    "zh": {
        "Query a database": "查询数据库",
        "Asks a database of yours and hands on its rows; it only reads, unless you allow more.": (
            "查询你的数据库并传出结果行；除非你允许，否则只读。"
        ),
        "Database": "数据库",
        "Which one to ask. Add your own in Settings, under Databases.": (
            "要查询哪一个。可在“设置”的“数据库”里添加自己的。"
        ),
        "Statement (SQL)": "语句（SQL）",
        "What to ask. {{name}} in double braces becomes an input, and its value stays a value. "
        "Left empty, an agent looks at the tables and writes it.": (
            "要问什么。双花括号里的 {{name}} 会成为一个输入，其值始终只是值。留空时，由智能体查看表格并写出语句。"
        ),
        "SELECT title FROM books WHERE author LIKE '%' || {{author}} || '%'": (
            "SELECT title FROM books WHERE author LIKE '%' || {{作者}} || '%'"
        ),
        "Rows": "行",
        "How many rows to hand on at most.": "最多传出多少行。",
        "Patience in seconds": "等待秒数",
        "How long to wait for the answer.": "等待回应的时间。",
        "May change data": "可以更改数据",
        "Lets the statement insert, update and delete. It has to be allowed in Settings as well.": (
            "允许语句插入、更新和删除数据。还需要在“设置”里允许。"
        ),
        "Rows as text": "文本形式的行",
        "How many": "数量",
        "No database has been chosen.": "还没有选择数据库。",
        "Open the block and choose one.": "请打开模块并选择一个。",
        "The input {name} stands between quotes, where it would be letters and no value.": (
            "输入 {name} 位于引号之中，那里它只是文字而不是值。"
        ),
        "Take the quotes away. Part of a text is written '%' || {place} || '%'.": (
            "请去掉引号。文本的一部分写成 '%' || {place} || '%'。"
        ),
        "There is no statement to ask with.": "没有可用于查询的语句。",
        "Nothing was found.": "没有找到任何内容。",
        "{count} rows were changed.": "更改了 {count} 行。",
        "… and more rows": "…… 还有更多行",
        "Begin when": "何时开始",
    },
    "fr": {
        "Query a database": "Interroger une base",
        "Asks a database of yours and hands on its rows; it only reads, unless you allow more.": (
            "Interroge une de vos bases et transmet ses lignes ; ne fait que lire, sauf si vous permettez plus."
        ),
        "Database": "Base de données",
        "Which one to ask. Add your own in Settings, under Databases.": (
            "Laquelle interroger. Ajoutez la vôtre dans Réglages, sous « Bases de données »."
        ),
        "Statement (SQL)": "Requête (SQL)",
        "What to ask. {{name}} in double braces becomes an input, and its value stays a value. "
        "Left empty, an agent looks at the tables and writes it.": (
            "Ce qu’il faut demander. {{name}} entre doubles accolades devient une entrée, et sa valeur reste une "
            "valeur. Laissée vide, un agent regarde les tables et l’écrit."
        ),
        "SELECT title FROM books WHERE author LIKE '%' || {{author}} || '%'": (
            "SELECT title FROM books WHERE author LIKE '%' || {{auteur}} || '%'"
        ),
        "Rows": "Lignes",
        "How many rows to hand on at most.": "Combien de lignes transmettre au plus.",
        "Patience in seconds": "Patience en secondes",
        "How long to wait for the answer.": "Combien de temps attendre la réponse.",
        "May change data": "Peut modifier les données",
        "Lets the statement insert, update and delete. It has to be allowed in Settings as well.": (
            "Permet à la requête d’insérer, de modifier et de supprimer. Il faut aussi l’autoriser dans Réglages."
        ),
        "Rows as text": "Lignes en texte",
        "How many": "Combien",
        "No database has been chosen.": "Aucune base n’a été choisie.",
        "Open the block and choose one.": "Ouvrez le bloc et choisissez-en une.",
        "The input {name} stands between quotes, where it would be letters and no value.": (
            "L’entrée {name} est entre apostrophes, où elle serait du texte et non une valeur."
        ),
        "Take the quotes away. Part of a text is written '%' || {place} || '%'.": (
            "Retirez les apostrophes. Une partie d’un texte s’écrit '%' || {place} || '%'."
        ),
        "There is no statement to ask with.": "Il n’y a pas de requête à poser.",
        "Nothing was found.": "Rien n’a été trouvé.",
        "{count} rows were changed.": "{count} lignes ont été modifiées.",
        "… and more rows": "… et d’autres lignes",
        "Begin when": "Commencer quand",
    },
}
STATEMENT = {
    "type": "object",
    "properties": {"sql": {"type": "string", "description": "One SQL statement in the dialect of the database."}},
    "required": ["sql"],
}
START = Port(id="start", label="Begin when", required=False)
"""Lets a statement without inputs wait for another block."""
SQL = Port(id="sql", label="Statement (SQL)", type=PortType.TEXT, required=False)


def offers(config: Config) -> Sequence[ToolSpec]:
    if config.sql.strip():
        names = {name: {"description": name} for name in names_in(config.sql)}
        parameters = {"type": "object", "properties": names, "required": list(names)}
        return [ToolSpec(name="", description="Asks the database.", parameters=parameters)]
    nothing = {"type": "object", "properties": {}}
    reads = "changes or reads" if config.change else "reads"
    return [
        ToolSpec(name="tables", description="Tells the tables and columns of the database.", parameters=nothing),
        ToolSpec(name="ask", description=f"Runs one SQL statement that {reads} data.", parameters=STATEMENT),
    ]


def value_ports(config: Config) -> Sequence[Port]:
    if not config.sql.strip():
        return [SQL]
    return [Port(id=name, label=name, verbatim=True) for name in names_in(config.sql)] or [START]


def check(config: Config) -> Iterable[Problem]:
    if not config.database.strip():
        yield Problem.of("database.choose", "No database has been chosen.", "Open the block and choose one.")
    for place in find_placeholders(config.sql):
        if config.sql[: place.start].count("'") % 2:
            yield Problem.of(
                "database.quotes",
                "The input {name} stands between quotes, where it would be letters and no value.",
                "Take the quotes away. Part of a text is written '%' || {place} || '%'.",
                name=place.name,
                place=config.sql[place.start : place.end],
            )
            return


@node_kind(
    id="database.query",
    label="Query a database",
    icon="database",
    group="tools",
    can_be_tool=True,
    offers=offers,
    safe_to_repeat=False,
    repeats=lambda config: not config.change,
    effects=frozenset({SENDS}),
    summarise=lambda config: first_words(config.sql),
    check=check,
    tune="sql",
    dynamic_inputs=value_ports,
    texts=TEXTS,
)
async def query_database(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Asks a database of yours and hands on its rows; it only reads, unless you allow more."""
    refuse(check(config))
    values, databases = inputs.model_extra or {}, ctx.services.databases
    written = config.sql.strip()
    asked = written or str(values.get("sql") or "").strip()
    if not asked:
        return Outputs(text=await databases.tables(config.database))
    found = await databases.query(config.database, _query(config, asked, values if written else {}))
    rows = list(found.rows)
    if found.changed is not None:
        told = translate("{count} rows were changed.", ctx.language, count=found.changed)
        return Outputs(text=told, count=found.changed)
    told = markdown_table(found.columns, rows[:SHOWN]) if rows else translate("Nothing was found.", ctx.language)
    more = "\n\n" + translate("… and more rows", ctx.language) if found.more or len(rows) > SHOWN else ""
    return Outputs(text=told + more, rows=rows, count=len(rows))


def _query(config: Config, statement: str, values: dict[str, Any]) -> Query:
    """The statement in parts, with a value between each two. Raises NodeError where one did not arrive."""
    parts, filled, done = [], [], 0
    for place in find_placeholders(statement) if values or config.sql.strip() else ():
        parts.append(statement[done : place.start])
        filled.append(_value(value_at(place, values)))
        done = place.end
    return Query(
        parts=(*parts, statement[done:]),
        values=tuple(filled),
        most=config.most,
        seconds=config.timeout,
        change=config.change,
    )


def _value(value: Any) -> Any:
    """What a database takes as one value."""
    value = plain(value)
    return value if isinstance(value, bool | int | float | None) else readable(value)
