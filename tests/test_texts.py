"""Every sentence a person may read exists in Chinese and French, with the same {names} in it."""

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import flowloom
from flowloom.exchange.fidelity import GRADES, GRADES_THERE
from flowloom.exchange.foreign import importers
from flowloom.exchange.outgoing import exporters
from flowloom.kinds.kind import AFTER_PORT, ERROR_PORT, GROUPS, TOOL_PORT
from flowloom.kinds.port import TYPE_LABELS
from flowloom.kinds.registry import all_kinds
from flowloom.locales import catalogue

SOURCE = Path(flowloom.__file__).parent
OWN_TEXTS = ("nodes", "ui")
"""Rooms that carry their translations with them, with tests of their own."""
PARTS = [SOURCE / "exchange" / "exporters" / name / "parts" for name in ("python", "agents")]
SAME = {"http", "OK", "Date", "{count} conversations"}


def sources() -> set[str]:
    """The English source texts below the pages: of problems, groups, types and ports."""
    found = {
        *GROUPS.values(),
        *GRADES.values(),
        *GRADES_THERE.values(),
        *(text for exporter in exporters() for text in (exporter.name, exporter.help)),
        AFTER_PORT.label,
        *TYPE_LABELS.values(),
        TOOL_PORT.label,
        ERROR_PORT.label,
    }
    for path in SOURCE.rglob("*.py"):
        # Pieces of exported programs speak English, as their reports say.
        if path.relative_to(SOURCE).parts[0] not in OWN_TEXTS and path.parent not in PARTS:
            # Reports are written by calls of these names.
            reports = path.is_relative_to(SOURCE / "exchange")
            found.update(_sentences(ast.parse(path.read_text("utf-8")), reports))
    return found


def _sentences(tree: ast.AST, reports: bool = False) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "HINT" for t in node.targets):
            yield from _literals([node.value])
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name == "of" or name == "_Problem":
            yield from _literals(node.args[1:3])
        elif reports and name in ("do", "remark"):
            yield from _literals(node.args[:2])
        elif reports and name in ("differ", "missing", "lacks", "_lacking"):
            yield from _literals(node.args)
        elif name in ("Choice", "Question", "translate"):
            shown = [word.value for word in node.keywords if word.arg in ("label", "title")]
            yield from _literals(shown + (node.args[:1] if name == "translate" else []))
        elif name.endswith("Error") and name[0].isupper():
            yield from _literals(node.args[:2])
            yield from _literals([word.value for word in node.keywords if word.arg == "hint"])


def _literals(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        for part in [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]:
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value.strip():
                yield part.value


def missing(language: str) -> list[str]:
    """The source texts that have no translation yet; importers, exporters and kinds bring theirs along."""
    importers(), exporters(), all_kinds()
    known = catalogue(language)
    return sorted(text for text in sources() if not known.get(text))


@pytest.mark.parametrize("language", ["zh", "fr"])
def test_every_text_is_translated(language: str) -> None:
    assert missing(language) == []


@pytest.mark.parametrize("language", ["zh", "fr"])
def test_translations_keep_their_names_and_differ(language: str) -> None:
    own = json.loads((SOURCE / "locales" / f"{language}.json").read_text("utf-8"))
    for source, translated in own.items():
        assert sorted(re.findall(r"{\w+}", source)) == sorted(re.findall(r"{\w+}", translated)), source
        assert translated != source or source in SAME, source


if __name__ == "__main__":
    print(json.dumps(missing(sys.argv[1]), ensure_ascii=False, indent=0))
