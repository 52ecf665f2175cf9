"""What the pages of people say is there in every language, also before a page of the app was ever opened."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import flowloom
from flowloom.serve.team.pages import MAY, ROLES

SOURCE = Path(flowloom.__file__).parent


def said() -> Iterator[str]:
    yield from (*ROLES.values(), *MAY.values())
    for path in (each for room in ("team", "assistants") for each in (SOURCE / "serve" / room).glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "t":
                yield from (each.value for each in call.args[:1] if isinstance(each, ast.Constant))


@pytest.mark.parametrize("language", ["zh", "fr"])
def test_every_text_of_these_pages_is_translated(language: str) -> None:
    known = json.loads((SOURCE / "locales" / f"{language}.json").read_text("utf-8"))
    texts = {*said()}
    assert len(texts) > 30
    assert not {text for text in texts if not known.get(text)}
