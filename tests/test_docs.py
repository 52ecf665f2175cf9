"""What the documents say of tests is true: each that is named is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NAMED = re.compile(r"`([a-z_/]+(?:\.py|/|\*\.py))`")


@pytest.mark.parametrize("name", ["security.md", "reports.md"])
def test_every_test_that_is_named_is_there(name: str) -> None:
    named = set(NAMED.findall((ROOT / "docs" / name).read_text("utf-8")))
    assert len(named) > 5
    assert [each for each in sorted(named) if not list((ROOT / "tests").glob(each))] == []
