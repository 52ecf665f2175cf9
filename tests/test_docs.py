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


PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_and_picture_is_there(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text("utf-8")) if not link.startswith(("http:", "https:"))]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_readme_stays_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 120


def test_every_make_target_that_is_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    named = {target for page in PAGES for target in re.findall(r"`?\bmake ([a-z-]+)`", page.read_text("utf-8"))}
    assert named
    assert named <= targets


def test_every_topic_of_the_guide_has_a_picture_and_is_listed() -> None:
    guide = ROOT / "docs" / "guide"
    listed = (guide / "README.md").read_text("utf-8")
    topics = [page for page in guide.glob("*.md") if page.name not in ("README.md", "command-line.md", "api.md")]
    assert len(topics) >= 8
    for page in topics:
        assert f"({page.name})" in listed
        assert "](pictures/" in page.read_text("utf-8"), page.name
