"""An exported program run within this process, beside the flow it came from."""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from flowloom.exchange.exporters.exported import Exported

_NUMBERS = count(1)
Answer = Callable[[dict[str, Any]], dict[str, Any]]


def asking(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have programs ask a scripted server."""
    told = {"MODEL": "openai:m", "MODEL_URL": url, "OPENAI_API_KEY": "none", "LANGSMITH_TRACING": "false"}
    for name, value in told.items():
        monkeypatch.setenv(name, value)


@contextmanager
def loaded(exported: Exported, folder: Path) -> Iterator[ModuleType]:
    """The program as a module, its files in a folder."""
    for path, data in exported.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    name = f"exported_program_{next(_NUMBERS)}"
    spec = importlib.util.spec_from_file_location(name, folder / exported.main)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # LangGraph reads the types of the state by the name of its module.
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
        yield module
    finally:
        del sys.modules[name]


def never_asked(question: dict[str, Any]) -> dict[str, Any]:
    raise AssertionError(f"nobody should be asked: {question}")
