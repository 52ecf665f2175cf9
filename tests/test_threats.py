"""What went wrong in other builders and must not happen here: nothing that came from outside is run as code."""

import ast
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from flowloom.errors import ModelError
from flowloom.kinds.registry import all_kinds
from flowloom.services.models.langchain_chat import LangChainChat
from flowloom.services.models.settings import Provider
from flowloom.ui.server import options

SOURCES = sorted((Path(__file__).parent.parent / "src").rglob("*.py"))
CALLS = {
    *("eval", "exec", "compile", "__import__", "import_module"),
    *("system", "popen", "startfile", "shell", "allow_pickle"),
    *("create_subprocess_exec", "create_subprocess_shell", "start_program"),
    *("open_process", "Popen", "spawnv", "execv", "fork"),
}
MODULES = {
    *("pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "yaml", "runpy", "code", "ctypes"),
    *("subprocess", "pty", "langchain_core.load", "langchain.load", "langchain_experimental"),
}
YAML_WITH_CODE = {"Loader", "FullLoader", "UnsafeLoader", "unsafe_load", "full_load", "load", "load_all"}
# A pattern of ours, a sum (names, operators and functions are those of a list), blocks found among our own files,
# importers and exporters likewise, the MCP servers that this computer's owner has named in Settings.
KNOWN = {
    ("flowloom/nodes/tools/sums.py", "eval"),
    ("flowloom/kinds/registry.py", "import_module"),
    ("flowloom/exchange/foreign.py", "import_module"),
    ("flowloom/exchange/outgoing.py", "import_module"),
    ("flowloom/exchange/exporters/python/writers.py", "import_module"),
    ("flowloom/exchange/exporters/python/source.py", "import_module"),
    ("flowloom/exchange/exporters/writers.py", "import_module"),
    # JavaScript that is read within WebAssembly and never called.
    ("flowloom/exchange/exporters/n8n/kinds/scripts.py", "eval"),
    ("flowloom/services/formats/yaml_writing.py", "yaml"),
    # LangGraph's graphs, in the pieces of exported programs.
    ("flowloom/exchange/exporters/python/parts/graph.py", "compile"),
    ("flowloom/services/formats/guarded_yaml.py", "yaml"),
    ("flowloom/services/formats/plain_yaml.py", "yaml"),
    # Behind walls, where code that somebody wrote is meant to run; and the process that builds the walls.
    ("flowloom/services/code/inside.py", "exec"),
    ("flowloom/services/code/inside.py", "eval"),
    ("flowloom/services/code/inside.py", "compile"),
    ("flowloom/services/processes.py", "create_subprocess_exec"),
    ("flowloom/services/code/walled.py", "start_program"),
    ("flowloom/services/mcp/program.py", "start_program"),
    # Our own interpreter with a module of ours, in which a model file is loaded.
    ("flowloom/services/models/local/servers.py", "Popen"),
    ("flowloom/services/models/local/servers.py", "subprocess"),
    # The C library that runs already, for its allocator.
    ("flowloom/garbage.py", "ctypes"),
    # pip or uv, which only downloads one wheel that is named and hashed here; nothing of it is run.
    ("flowloom/services/models/local/packaged.py", "subprocess"),
}


def names_called(tree: ast.AST) -> Iterator[str]:
    """The last word of whatever is called, and of each argument by name; `re.compile` is no call that matters."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="compile", value=ast.Name(id="re"))):
                continue
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                yield name
            case ast.keyword(arg="shell" | "allow_pickle" as name):
                yield name


def modules_imported(tree: ast.AST) -> Iterator[str]:
    """Every module with each of the packages it is in: `a.b.c` is also `a.b` and `a`."""
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [f"{node.module}.{name}" for name in names]
        for name in names:
            words = name.split(".")
            yield from (".".join(words[:end]) for end in range(1, len(words) + 1))


def wrongs(source: str, file: str = "") -> set[str]:
    tree = ast.parse(source)
    calls = {name for name in names_called(tree) if name in CALLS and (file, name) not in KNOWN}
    modules = {name for name in set(modules_imported(tree)) & MODULES if (file, name) not in KNOWN}
    return calls | modules


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.as_posix().rpartition("src/")[2])
def test_nothing_is_run_that_is_not_ours(path: Path) -> None:
    assert wrongs(path.read_text("utf-8"), path.as_posix().rpartition("src/")[2]) == set()


def test_only_blocks_that_say_so_run_code() -> None:
    """Code of a person or model goes to the walled place and nowhere else; that it may is known before a run."""
    kinds = all_kinds().values()
    sources = {
        kind.id: Path(sys.modules[kind.function.__module__].__file__ or "").read_text("utf-8") for kind in kinds
    }
    run = {id for id, source in sources.items() if "services.code.run(" in source}
    assert run == {kind.id for kind in kinds if "runs code" in kind.effects}
    assert run >= {"code.run", "code.analyse"}


def test_yaml_is_read_as_data_only() -> None:
    (path,) = (path for path in SOURCES if path.as_posix().endswith("services/formats/guarded_yaml.py"))
    tree = ast.parse(path.read_text("utf-8"))
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert "SafeLoader" in used
    assert not used & YAML_WITH_CODE


@pytest.mark.parametrize(
    "source",
    [
        "eval(x)",
        "builtins.exec(x)",
        "a.b().eval(x)",
        "compile(x, '', 'exec')",
        "importlib.import_module(x)",
        "__import__(x)",
        "import pickle",
        "import os, pickle as p",
        "from pickle import loads",
        "def f():\n    from marshal import loads",
        "import subprocess",
        "os.system(x)",
        "asyncio.create_subprocess_exec(x)",
        "run(x, shell=True)",
        "await asyncio.create_subprocess_exec(x)",
        "numpy.load(x, allow_pickle=True)",
        "import yaml",
        "from langchain_core.load import loads",
        "from langchain_core import load",
        "import langchain_core.load.dump",
    ],
)
def test_the_lint_sees(source: str) -> None:
    assert wrongs(source)


@pytest.mark.parametrize("source", ["re.compile(x)", "from langchain_core import messages", "from . import load"])
def test_the_lint_lets_through(source: str) -> None:
    assert not wrongs(source)


def test_streamlit_tells_its_makers_nothing() -> None:
    assert options()["browser.gatherUsageStats"] is False


def test_prompts_go_to_nobody_elses_tracing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
        monkeypatch.setenv(name, "true")
    with suppress(ModelError):  # its library is an extra
        LangChainChat(Provider(id="ollama", kind="ollama", models=("m",)))
    assert os.environ["LANGSMITH_TRACING"] == "false"
    assert os.environ["LANGCHAIN_TRACING_V2"] == "false"
