"""What went wrong in other builders and must not happen here: nothing that came from outside is run as code."""

import ast
import os
from contextlib import suppress
from pathlib import Path

import pytest

from flowloom.errors import ModelError
from flowloom.services.models.langchain_chat import LangChainChat
from flowloom.services.models.settings import Provider

SOURCES = sorted((Path(__file__).parent.parent / "src").rglob("*.py"))
CALLS = {"eval", "exec", "compile", "__import__", "import_module"}
MODULES = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "yaml"}
# How a thing may still be called: a pattern of ours, blocks found among our own files, a sandbox's template.
KNOWN = {("re", "compile"), ("StateGraph", "compile")}
REGISTRY = "kinds/registry.py"


def names_called(tree: ast.AST) -> list[tuple[str, str, int]]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id=name):
                    found.append(("", name, node.lineno))
                case ast.Attribute(attr=name, value=ast.Name(id=owner)):
                    found.append((owner, name, node.lineno))
    return found


def modules_imported(tree: ast.AST) -> set[str]:
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    plain = {alias.name.partition(".")[0] for node in imports for alias in node.names}
    return plain | {(node.module or "").partition(".")[0] for node in froms}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.as_posix().rpartition("flowloom/")[2])
def test_nothing_is_run_that_is_not_ours(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    calls = [call for call in names_called(tree) if call[1] in CALLS and call[:2] not in KNOWN]
    if path.as_posix().endswith(REGISTRY):
        calls = [call for call in calls if call[1] != "import_module"]
    assert calls == []
    assert not modules_imported(tree) & MODULES
    shells = [node for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "shell"]
    assert shells == []


def test_prompts_go_to_nobody_elses_tracing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
        monkeypatch.setenv(name, "true")
    with suppress(ModelError):  # its library is an extra
        LangChainChat(Provider(id="ollama", kind="ollama", models=("m",)))
    assert os.environ["LANGSMITH_TRACING"] == "false"
    assert os.environ["LANGCHAIN_TRACING_V2"] == "false"
