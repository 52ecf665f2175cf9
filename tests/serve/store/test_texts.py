"""What the pages of the store say is there in every language."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import flowloom
from flowloom.gallery import moderation, policy
from flowloom.gallery.abilities import ABILITIES
from flowloom.gallery.categories import CATEGORIES, OTHER

SOURCE = Path(flowloom.__file__).parent
PARTS = ("Featured", "Trending", "Most used", "Name", "Builder", "Conversations", "People", "Came back", "Score")


def said() -> Iterator[str]:
    for table in (CATEGORIES, ABILITIES, moderation.KINDS, policy.KINDS):
        yield from table.values()
    yield from (OTHER, *PARTS)
    for path in (SOURCE / "serve" / "store").glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("t", "done"):
                yield from (each.value for each in call.args[:2] if isinstance(each, ast.Constant) and each.value)


@pytest.mark.parametrize("language", ["zh", "fr"])
def test_every_text_of_the_store_is_translated(language: str) -> None:
    known = json.loads((SOURCE / "locales" / f"{language}.json").read_text("utf-8"))
    texts = {*said()}
    assert len(texts) > 60
    assert not {text for text in texts if not known.get(text)}
