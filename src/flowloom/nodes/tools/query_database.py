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
        description="Which database to query. Add your own in Settings → Databases.",
        max_length=100,
        json_schema_extra={"widget": "database"},
    )
    sql: str = Field(
        default="",
        title="Statement (SQL)",
        description=(
            "{{name}} in double braces becomes an input, inserted safely. If empty, an agent looks "
            "at the tables and writes the query."
        ),
        max_length=20_000,
        json_schema_extra={
            "widget": "prompt",
            "code": True,
            "example": "SELECT title FROM books WHERE author LIKE '%' || {{author}} || '%'",
        },
    )
    most: int = Field(default=200, title="Rows", description="Maximum number of rows to pass on.", ge=1, le=10_000)
    timeout: float = Field(
        default=20, title="Timeout in seconds", description="How long to wait for an answer.", ge=1, le=300
    )
    change: bool = Field(
        default=False,
        title="Can change data",
        description="Lets the statement insert, update and delete. It also has to be allowed in Settings.",
    )


class Inputs(BaseModel):
    model_config = ConfigDict(extra="allow")


class Outputs(BaseModel):
    text: str = Field(title="Rows as text")
    rows: list[dict[str, Any]] = Field(default=[], title="Rows")
    count: int = Field(default=0, title="Count")


TEXTS = {
    "zh": {
        "Query a database": "查询数据库",
        "Queries one of your databases and returns rows. It can only read, unless you allow more.": (
            "查询你的数据库并传出结果行；除非你允许，否则只读。"
        ),
        "Database": "数据库",
        "Which database to query. Add your own in Settings → Databases.": (
            "要查询哪一个。可在“设置”的“数据库”里添加自己的。"
        ),
        "Statement (SQL)": "语句（SQL）",
        (
            "{{name}} in double braces becomes an input, inserted safely. If empty, an agent looks at "
            "the tables and writes the query."
        ): ("要问什么。双花括号里的 {{name}} 会成为一个输入，其值始终只是值。留空时，由智能体查看表格并写出语句。"),
        "SELECT title FROM books WHERE author LIKE '%' || {{author}} || '%'": (
            "SELECT title FROM books WHERE author LIKE '%' || {{作者}} || '%'"
        ),
        "Rows": "行",
        "Maximum number of rows to pass on.": "最多传出多少行。",
        "Timeout in seconds": "超时（秒）",
        "How long to wait for an answer.": "等待回应的时间。",
        "Can change data": "可以更改数据",
        "Lets the statement insert, update and delete. It also has to be allowed in Settings.": (
            "允许语句插入、更新和删除数据。还需要在“设置”里允许。"
        ),
        "Rows as text": "文本形式的行",
        "Count": "数量",
        "No database chosen.": "还没有选择数据库。",
        "Open the block and choose one.": "请打开模块并选择一个。",
        "The input {name} is inside quotes, where no value is inserted.": (
            "输入 {name} 位于引号之中，那里它只是文字而不是值。"
        ),
        "Remove the quotes. For part of a text use '%' || {place} || '%'.": (
            "请去掉引号。文本的一部分写成 '%' || {place} || '%'。"
        ),
        "The statement is missing.": "没有可用于查询的语句。",
        "Nothing was found.": "没有找到任何内容。",
        "{count} rows were changed.": "更改了 {count} 行。",
        "… and more rows": "…… 还有更多行",
        "Start when": "何时开始",
    },
    "fr": {
        "Query a database": "Interroger une base",
        "Queries one of your databases and returns rows. It can only read, unless you allow more.": (
            "Interroge une de vos bases et transmet ses lignes ; ne fait que lire, sauf si vous permettez plus."
        ),
        "Database": "Base de données",
        "Which database to query. Add your own in Settings → Databases.": (
            "Laquelle interroger. Ajoutez la vôtre dans Réglages, sous « Bases de données »."
        ),
        "Statement (SQL)": "Requête (SQL)",
        (
            "{{name}} in double braces becomes an input, inserted safely. If empty, an agent looks at "
            "the tables and writes the query."
        ): (
            "Ce qu’il faut demander. {{name}} entre doubles accolades devient une entrée, et sa valeur reste une "
            "valeur. Laissée vide, un agent regarde les tables et l’écrit."
        ),
        "SELECT title FROM books WHERE author LIKE '%' || {{author}} || '%'": (
            "SELECT title FROM books WHERE author LIKE '%' || {{auteur}} || '%'"
        ),
        "Rows": "Lignes",
        "Maximum number of rows to pass on.": "Combien de lignes transmettre au plus.",
        "Timeout in seconds": "Délai maximal en secondes",
        "How long to wait for an answer.": "Combien de temps attendre la réponse.",
        "Can change data": "Peut modifier les données",
        "Lets the statement insert, update and delete. It also has to be allowed in Settings.": (
            "Permet à la requête d’insérer, de modifier et de supprimer. Il faut aussi l’autoriser dans Réglages."
        ),
        "Rows as text": "Lignes en texte",
        "Count": "Nombre",
        "No database chosen.": "Aucune base n’a été choisie.",
        "Open the block and choose one.": "Ouvrez le bloc et choisissez-en une.",
        "The input {name} is inside quotes, where no value is inserted.": (
            "L’entrée {name} est entre apostrophes, où elle serait du texte et non une valeur."
        ),
        "Remove the quotes. For part of a text use '%' || {place} || '%'.": (
            "Retirez les apostrophes. Une partie d’un texte s’écrit '%' || {place} || '%'."
        ),
        "The statement is missing.": "Il n’y a pas de requête à poser.",
        "Nothing was found.": "Rien n’a été trouvé.",
        "{count} rows were changed.": "{count} lignes ont été modifiées.",
        "… and more rows": "… et d’autres lignes",
        "Start when": "Commencer quand",
    },
}
STATEMENT = {
    "type": "object",
    "properties": {"sql": {"type": "string", "description": "One SQL statement in the dialect of the database."}},
    "required": ["sql"],
}
START = Port(id="start", label="Start when", required=False)
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
        yield Problem.of("database.choose", "No database chosen.", "Open the block and choose one.")
    for place in find_placeholders(config.sql):
        if config.sql[: place.start].count("'") % 2:
            yield Problem.of(
                "database.quotes",
                "The input {name} is inside quotes, where no value is inserted.",
                "Remove the quotes. For part of a text use '%' || {place} || '%'.",
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
    """Queries one of your databases and returns rows. It can only read, unless you allow more."""
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
