"""Run code that a person wrote, behind walls."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict
from pydantic_core import to_jsonable_python

from flowloom.errors import Problem
from flowloom.kinds.code import CodeJob, Engine
from flowloom.kinds.context import NodeContext
from flowloom.kinds.kind import node_kind
from flowloom.kinds.port import Many
from flowloom.kinds.values import Attachment
from flowloom.nodes.data.analysis import data_of, first_chart, in_words, stopped, tables_in
from flowloom.nodes.data.code_values import filled, quoted_names, value_ports
from flowloom.nodes.readable import first_words

TAKEN = ("tables",)
ENGINE_LABELS: JsonDict = {
    "auto": "Automatic",
    "small": "Built-in Python, on every computer",
    "pandas": "Python with pandas, on Linux",
}
ALL_ENGINES: JsonDict = {**ENGINE_LABELS, "javascript": "JavaScript"}


class Config(BaseModel):
    code: str = Field(
        default="",
        title="Code to run",
        description="Python or JavaScript. {{name}} in braces becomes an input. The last line is the result.",
        max_length=50_000,
        json_schema_extra={"widget": "prompt", "code": True, "example": "group(rows(), 'Region', 'Sales')"},
    )
    engine: Engine = Field(
        default="auto",
        title="Run with",
        description=(
            "The built-in Python knows a part of the language plus table functions, and starts instantly."
        ),
        json_schema_extra={"labels": ALL_ENGINES},
    )
    seconds: int = Field(
        default=10, title="Timeout in seconds", description="The code is stopped after this time.", ge=1, le=60
    )

    @property
    def is_python(self) -> bool:
        return self.engine != "javascript"


class Inputs(BaseModel):
    model_config = ConfigDict(extra="allow")

    tables: Annotated[list[Any], Many()] = Field(default_factory=list, title="Tables")


class Outputs(BaseModel):
    result: Any = Field(title="Result")
    text: str = Field(title="Result as text")
    printed: str = Field(title="Printed text")
    chart: Attachment = Field(title="Chart")
    code: str = Field(title="The code")
    engine: str = Field(title="Ran with")


TEXTS: dict[str, dict[str, str]] = {
    "zh": {
        "Run code": "运行代码",
        "Runs your Python or JavaScript in a sandbox, without access to files, the network or other programs.": (
            "在隔离环境中运行你写的 Python 或 JavaScript：无法访问文件、网络或其他程序。"
        ),
        "Code to run": "要运行的代码",
        "Python or JavaScript. {{name}} in braces becomes an input. The last line is the result.": (
            "Python 或 JavaScript 代码。双花括号里的 {{name}} 会成为一个输入。最后一行就是结果。"
        ),
        "JavaScript": "JavaScript 语言",
        "group(rows(), 'Region', 'Sales')": "group(rows(), '地区', '销售额')",
        "Run with": "运行方式",
        "The built-in Python knows a part of the language plus table functions, and starts instantly.": (
            "小型引擎支持部分 Python 和表格函数，启动极快。"
        ),
        "Automatic": "自动",
        "Built-in Python, on every computer": "内置 Python，适用于所有电脑",
        "Python with pandas, on Linux": "带 pandas 的 Python，仅限 Linux",
        "Timeout in seconds": "超时（秒）",
        "The code is stopped after this time.": "超过后代码会被停止。",
        "Tables": "表格（可多个）",
        "Result": "结果",
        "Result as text": "文本结果",
        "Printed text": "打印的文本",
        "Chart": "图表",
        "The code": "所用代码",
        "Ran with": "运行方式",
        "The code is missing.": "缺少代码。",
        "Write some, or use Analyse data, which writes it for you.": "请写一些，或使用“分析数据”，它会替你写。",
        "“{name}” is inside quotes, where no value is inserted.": "“{name}”在引号内，不会填入任何内容。",
        "Remove the quotes: it is a variable with the incoming value.": (
            "请去掉引号：它是一个变量，存放传入的内容。"
        ),
    },
    "fr": {
        "Run code": "Exécuter du code",
        "Runs your Python or JavaScript in a sandbox, without access to files, the network or other programs.": (
            "Exécute du Python ou du JavaScript que vous avez écrit, isolé : sans accès aux fichiers, au réseau ni "
            "aux programmes."
        ),
        "Code to run": "Code à exécuter",
        "Python or JavaScript. {{name}} in braces becomes an input. The last line is the result.": (
            "Du Python ou du JavaScript. {{name}} entre doubles accolades devient une entrée. La dernière ligne "
            "est le résultat."
        ),
        "JavaScript": "Langage JavaScript",
        "group(rows(), 'Region', 'Sales')": "group(rows(), 'Région', 'Ventes')",
        "Run with": "Exécuter avec",
        "The built-in Python knows a part of the language plus table functions, and starts instantly.": (
            "Le petit connaît une partie de Python et des fonctions pour tableaux, et démarre aussitôt."
        ),
        "Automatic": "automatique",
        "Built-in Python, on every computer": "Python intégré, sur tout ordinateur",
        "Python with pandas, on Linux": "Python avec pandas, sous Linux",
        "Timeout in seconds": "Délai maximal en secondes",
        "The code is stopped after this time.": "Passé ce délai, le code est arrêté.",
        "Tables": "Tableaux",
        "Result": "Résultat",
        "Result as text": "Résultat en texte",
        "Printed text": "Texte affiché",
        "Chart": "Graphique",
        "The code": "Le code",
        "Ran with": "Exécuté avec",
        "The code is missing.": "Le code manque.",
        "Write some, or use Analyse data, which writes it for you.": (
            "Écrivez-en, ou utilisez « Analyser des données », qui l’écrit pour vous."
        ),
        "“{name}” is inside quotes, where no value is inserted.": (
            "« {name} » est entre guillemets, où rien n’est inséré."
        ),
        "Remove the quotes: it is a variable with the incoming value.": (
            "Retirez les guillemets : c’est une variable qui contient ce qui arrive."
        ),
    },
}


def check(config: Config) -> Iterable[Problem]:
    if not config.code.strip():
        yield Problem.of(
            "code.empty", "The code is missing.", "Write some, or use Analyse data, which writes it for you."
        )
    for name in dict.fromkeys(quoted_names(config.code, is_python=config.is_python)):
        yield Problem.of(
            "code.quoted",
            "“{name}” is inside quotes, where no value is inserted.",
            "Remove the quotes: it is a variable with the incoming value.",
            name=name,
        )


@node_kind(
    id="code.run",
    label="Run code",
    icon="terminal",
    group="data",
    can_be_tool=True,
    effects=frozenset({"runs code", "saves files"}),
    summarise=lambda config: first_words(config.code),
    check=check,
    tune="code",
    dynamic_inputs=lambda config: value_ports(config.code, TAKEN, is_python=config.is_python),
    texts=TEXTS,
)
async def run_code(config: Config, inputs: Inputs, ctx: NodeContext) -> Outputs:
    """Runs your Python or JavaScript in a sandbox, without access to files, the network or other programs."""
    code, values = filled(config.code, inputs.model_extra or {}, is_python=config.is_python)
    job = CodeJob(
        code=code,
        tables=await tables_in(inputs.tables, ctx.turn),
        values=to_jsonable_python(values, fallback=str),
        engine=config.engine,
        seconds=config.seconds,
    )
    result = await ctx.services.code.run(job)
    if result.failure:
        stopped(result.failure, code)
    given = {"result": data_of(result), "printed": result.printed, "code": code, "engine": result.engine}
    given["text"] = in_words(result)
    return Outputs.model_construct(**given, **await first_chart(result, ctx))
