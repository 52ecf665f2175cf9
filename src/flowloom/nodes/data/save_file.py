"""Save a text or data as a file."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict
from pydantic_core import to_jsonable_python

from flowloom.errors import NodeError, Problem
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import node_kind
from flowloom.kinds.port import Port
from flowloom.kinds.values import Attachment
from flowloom.nodes.data.formulas import is_formula, without_formulas
from flowloom.nodes.readable import first_words, readable
from flowloom.nodes.templates import fill, text_ports

EXISTS_LABELS: JsonDict = {"number": "keep both, add a number", "replace": "replace it"}


class Config(BaseModel):
    name: str = Field(
        default="notes.md",
        title="File name",
        description=("With its extension, such as .md, .txt or .csv. {{name}} in double braces becomes an input."),
        max_length=200,
        json_schema_extra={"widget": "prompt_line", "example": "report.md"},
    )
    exists: Literal["number", "replace"] = Field(
        default="number",
        title="If the file exists",
        description="What to do if this GPT already saved a file with that name.",
        json_schema_extra={"labels": EXISTS_LABELS},
    )


class Inputs(BaseModel):
    model_config = ConfigDict(extra="allow")

    content: Any = Field(title="Content")


class Outputs(BaseModel):
    file: Attachment = Field(title="File")
    name: str = Field(title="File name")


TEXTS = {
    "zh": {
        "Save a file": "保存文件",
        "Saves a text or rows as a file that can be downloaded below the answer.": (
            "把文本或行保存为文件，放在这个 GPT 的文件夹里；回答下方可以下载。"
        ),
        "File name": "文件名",
        "With its extension, such as .md, .txt or .csv. {{name}} in double braces becomes an input.": (
            "包括后缀，例如 .md、.txt 或 .csv。双花括号里的 {{name}} 会成为一个输入。"
        ),
        "report.md": "报告.md",
        "If the file exists": "如果已有同名文件",
        "What to do if this GPT already saved a file with that name.": "这个 GPT 以前保存过同名文件时怎么办。",
        "keep both, add a number": "两个都留，加上编号",
        "replace it": "替换旧文件",
        "Content": "内容",
        "File": "文件",
        "The file has no name.": "文件没有名称。",
        "Write one, such as report.md.": "请填写名称，例如 报告.md。",
        "This can’t be saved as a table.": "这个内容无法保存为表格。",
        "Connect rows, or choose the extension .txt.": "请传入行数据，或使用后缀 .txt。",
    },
    "fr": {
        "Save a file": "Enregistrer un fichier",
        "Saves a text or rows as a file that can be downloaded below the answer.": (
            "Enregistre un texte ou des lignes dans le dossier de ce GPT ; le fichier est proposé sous la réponse."
        ),
        "File name": "Nom du fichier",
        "With its extension, such as .md, .txt or .csv. {{name}} in double braces becomes an input.": (
            "Avec sa terminaison, comme .md, .txt ou .csv. {{name}} entre doubles accolades devient une entrée."
        ),
        "report.md": "rapport.md",
        "If the file exists": "Si un tel fichier existe",
        "What to do if this GPT already saved a file with that name.": (
            "Que faire si ce GPT a déjà enregistré un fichier de ce nom."
        ),
        "keep both, add a number": "garder les deux, avec un numéro",
        "replace it": "remplacer l’ancien",
        "Content": "Contenu",
        "File": "Fichier",
        "The file has no name.": "Le fichier n’a pas de nom.",
        "Write one, such as report.md.": "Écrivez-en un, comme rapport.md.",
        "This can’t be saved as a table.": "Ceci ne peut pas être enregistré en tableau.",
        "Connect rows, or choose the extension .txt.": "Transmettez des lignes, ou choisissez la terminaison .txt.",
    },
}


def name_ports(config: Config) -> Sequence[Port]:
    return [port for port in text_ports(config.name) if port.id != "content"]


def check(config: Config) -> Iterable[Problem]:
    if not config.name.strip():
        yield Problem.of("file.no_name", "The file has no name.", "Write one, such as report.md.")


@node_kind(
    id="file.save",
    label="Save a file",
    icon="save",
    group="data",
    safe_to_repeat=False,
    effects=frozenset({"saves files"}),
    summarise=lambda config: first_words(config.name),
    check=check,
    tune="name",
    dynamic_inputs=name_ports,
    texts=TEXTS,
)
async def save_file(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Saves a text or rows as a file that can be downloaded below the answer."""
    values = {"content": inputs.content, **(inputs.model_extra or {})}
    name = fill(config.name, values)
    text = written(inputs.content, name.strip().lower())
    file = ctx.files.save(name, text, replace=config.exists == "replace")
    return Outputs(file=file, name=file.name)


def written(content: Any, name: str) -> str:
    """The content as its file holds it: rows as CSV or JSON, all else as a text to read."""
    if isinstance(content, str) or not name.endswith((".csv", ".tsv", ".json")):
        text = readable(content)
        return without_formulas(text) if name.endswith((".csv", ".tsv")) else text
    if name.endswith(".json"):
        return json.dumps(to_jsonable_python(content, fallback=str), ensure_ascii=False, indent=2)
    if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
        raise NodeError(
            "This can’t be saved as a table.", "Connect rows, or choose the extension .txt.", code="file.table"
        )
    columns = list(dict.fromkeys(str(column) for row in content for column in row))
    file = io.StringIO()
    writer = csv.writer(file, delimiter="\t" if name.endswith(".tsv") else ",", lineterminator="\n")
    writer.writerows(
        [map(harmless, columns), *([harmless(row.get(name, "")) for name in columns] for row in content)]
    )
    return file.getvalue()


def harmless(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = readable(value)
    return f"'{text}" if isinstance(value, str) and is_formula(text) else text
