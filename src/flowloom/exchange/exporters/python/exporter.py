"""Writes a flow as a Python program that runs without Flowloom."""

import json
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

from flowloom.errors import FlowFileError, Problem
from flowloom.exchange.exporters.exported import (
    MADE_HERE,
    Documents,
    Exported,
    Exporter,
    Folder,
    folder_of,
    no_documents,
)
from flowloom.exchange.exporters.python.literals import WIDTH
from flowloom.exchange.exporters.python.names import identifier
from flowloom.exchange.exporters.python.program import Program
from flowloom.exchange.exporters.python.texts import TEXTS
from flowloom.exchange.fidelity import Carried, Fidelity
from flowloom.flow.model import Flow
from flowloom.kinds.registry import all_kinds
from flowloom.locales import add_texts
from flowloom.run.planning.check import blocking, find_problems
from flowloom.run.planning.plan import plan_of

NAME = "Python"
add_texts(TEXTS)
PACKAGES = {
    "langgraph": "langgraph",
    "langchain": "langchain",
    "jinja2": "jinja2",
    "httpx": "httpx",
    "simpleeval": "simpleeval",
    "pydantic_monty": "pydantic-monty",
    "quickjs_rs": "quickjs-rs",
}


class Base(NamedTuple):
    """What a program stands on: its name in reports, the pieces of its own, and what its models need."""

    name: str
    parts: str
    models: str
    settings: tuple[str, ...]


LANGGRAPH = Base(
    NAME,
    "",
    "langchain-openai",
    (
        "    MODEL         such as openai:gpt-5-mini or anthropic:claude-sonnet-4-5 (with langchain-anthropic)",
        "    MODEL_FAST, MODEL_CAREFUL    others for blocks that ask for a fast or a high-quality model",
        "    MODEL_URL     the address of a server of your own that speaks like OpenAI",
    ),
)


def write(flow: Flow, documents: Documents = no_documents, base: Base = LANGGRAPH) -> Exported:
    """The program and the documents that it searches. Raises FlowFileError for a flow that cannot run."""
    problems = blocking(find_problems(flow, all_kinds()))
    if problems:
        raise FlowFileError.from_problem(problems[0])
    program = Program(flow, plan_of(flow, all_kinds()), documents, base.parts)
    report = report_of(flow, program.rows, base)
    main = f"{identifier(flow.name, 'program')}.py"
    files = {main: program.text(header(program, report, main, base)).encode()}
    files |= dict(_documents({name: each for name, each in program.folders.items() if each.passages}, main))
    return Exported(files, main, report)


def report_of(flow: Flow, rows: list[Carried], base: Base = LANGGRAPH) -> Fidelity:
    notes = [
        Problem.of(
            "export.whole",
            "The program doesn’t keep what Flowloom keeps: runs, costs and limits of them.",
            "It stops after 10,000 steps.",
        ),
        Problem.of("export.whole", "Its error messages are in English.", "Its answers are not changed by that."),
    ]
    if flow.custom_instructions:
        notes.append(
            Problem.of("export.whole", "Its models don’t read your custom instructions.", "Those stay in Flowloom.")
        )
    if flow.protection.knowledge or flow.protection.instructions:
        notes.append(
            Problem.of(
                "export.whole",
                "Privacy protection is not kept.",
                "The program may quote its documents and instructions at any length.",
            )
        )
    todo = (
        Problem.of("export.todo", "Install the packages named at the head of the program."),
        Problem.of(
            "export.todo",
            "Set the key of your model in the environment, for example OPENAI_API_KEY.",
            "The program holds no key.",
        ),
    )
    return Fidelity(format=base.name, way="to", rows=tuple(rows), notes=tuple(notes), todo=todo)


def header(program: Program, report: Fidelity, main: str, base: Base = LANGGRAPH) -> str:
    """What stands at the head of the program. Texts of people are of one line and hold no sign of code."""
    flow = program.flow
    lines = [_plain(flow.name) or "A GPT", "", *_wrapped(_plain(flow.description))]
    lines += ["", f"{MADE_HERE} It needs Python 3.11 or newer, and:", ""]
    lines += ["    pip install " + " ".join(f'"{each}"' for each in packages(program, base))]
    lines += ["", "Set the key of your model, for example OPENAI_API_KEY. Which model is asked, and where:", ""]
    lines += [
        *base.settings,
        "",
        f"Chat:     python {main}",
        f'Ask once: python {main} "Your message"',
        "",
        "What differs from Flowloom:",
        "",
    ]
    lines += [line for each in _differences(report) for line in _bullet(each)]
    return (
        '"""' + "\n".join(line.rstrip() for line in lines).strip().replace("\\", "").replace('"""', "'''") + '\n"""'
    )


def packages(program: Program, base: Base = LANGGRAPH) -> list[str]:
    """What to install, with the versions that it was written for."""
    wanted = [PACKAGES[name] for name in PACKAGES if name in program.definitions.packages]
    return [*(f"{name}>={_version(name)}" for name in wanted), base.models]


def _version(package: str) -> str:
    try:
        return ".".join(version(package).split(".")[:2])
    except PackageNotFoundError:
        return "0"


def _differences(report: Fidelity) -> Iterator[str]:
    for row in report.rows:
        for problem in row.differs:
            yield _plain(f"{row.name}: {problem}")
    for note in report.notes:
        yield _plain(str(note))


def _plain(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _wrapped(text: str, first: str = "", later: str = "") -> list[str]:
    lines, line = list[str](), first
    for word in text.split():
        if len(line) + len(word) > WIDTH and line.strip("- "):
            lines.append(line)
            line = later
        line += f"{word} "
    return [*lines, line] if line.strip("- ") else lines


def _bullet(text: str) -> list[str]:
    return _wrapped(text, "- ", "  ")


def _documents(folders: Mapping[str, Folder], main: str) -> Iterator[tuple[str, bytes]]:
    for name, folder in folders.items():
        for file, text in folder.texts.items():
            yield f"{folder_of(main)}/{name}/{_file_name(file)}", text.encode("utf-8", "replace")
        rows = [found._asdict() for found in folder.passages]
        yield f"{folder_of(main)}/{name}/passages.json", json.dumps(rows, ensure_ascii=False, indent=1).encode()


def _file_name(name: str) -> str:
    """The name of a text file for a document; no folder can be in it."""
    plain = "".join("_" if sign in '/\\:*?"<>|' or not sign.isprintable() else sign for sign in name).strip(". ")[
        :120
    ]
    return plain if plain.endswith((".md", ".txt")) else f"{plain or 'document'}.txt"


EXPORTER = Exporter(
    id="python",
    name="Python program",
    ending=".py",
    write=write,
    help="One readable file on LangGraph and LangChain that runs without Flowloom.",
    order=1,
    with_documents=True,
)
