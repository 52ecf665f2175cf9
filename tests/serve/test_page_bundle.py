"""The page that is committed as a bundle is the one its sources make, and it is light. `make page` builds it."""

import gzip
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from flowloom.locales import LANGUAGES
from flowloom.serve.page.texts import TEXTS, texts_in

PAGE = Path(__file__).parents[2] / "src" / "flowloom" / "serve" / "page"
FRONTEND, BUILT = PAGE / "frontend", PAGE / "built"
STAMP = BUILT / "sources.sha256"
BUNDLE = ("page.js", "page.css", "loader.js")
MOST = 80_000
"""Bytes of all that a visitor's browser loads, packed."""


def digest() -> str:
    """One digest of all the bundle is made of and of the bundle itself."""
    sources = [*FRONTEND.glob("src/**/*"), FRONTEND / "package-lock.json", *FRONTEND.glob("vite*.ts")]
    total = hashlib.sha256()
    for path in sorted(path for path in (*sources, *(BUILT / name for name in BUNDLE)) if path.is_file()):
        total.update(path.relative_to(PAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def test_the_bundle_is_made_of_these_sources() -> None:
    assert STAMP.read_text("utf-8").strip() == digest(), "run `make page` and commit what it builds"


def test_all_of_it_is_light() -> None:
    assert sum(len(gzip.compress((BUILT / name).read_bytes(), 9)) for name in BUNDLE) < MOST


def test_the_page_passes_its_own_tests() -> None:
    npm = shutil.which("npm")
    if npm is None or not (FRONTEND / "node_modules").is_dir():
        pytest.skip("needs Node.js and `make page` once")
    done = subprocess.run([npm, "test"], cwd=FRONTEND, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]


def test_nothing_of_it_makes_html_of_a_text() -> None:
    for path in FRONTEND.glob("src/**/*.ts*"):
        text = path.read_text("utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", text), path.name


def used() -> set[str]:
    """The keys of the texts that the sources name."""
    sources = "\n".join(path.read_text("utf-8") for path in FRONTEND.glob("src/**/*.ts*"))
    return set(re.findall(r"\bt\(\s*\"(\w+)\"", sources)) | set(re.findall(r"\? t\(\"(\w+)\"", sources))


def test_every_text_the_page_says_is_there_and_none_is_left_over() -> None:
    assert used() | {"no_script"} == set(TEXTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_whole_in_every_language(language: str) -> None:
    for key, text in texts_in(language).items():
        assert text.strip(), key
        assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", texts_in("en")[key])), key


def test_french_keeps_its_signs_on_the_line() -> None:
    for key, text in texts_in("fr").items():
        assert not re.search(r"(?<![\u202f{])[;!?»]|(?<=[\w»}]) ?:(?=\s)|«(?!\u202f)", text), key


def test_translations_differ() -> None:
    same = {key for key, (english, chinese, french) in TEXTS.items() if english in (chinese, french)}
    assert same <= {"conversations", "page_of"}


if __name__ == "__main__":
    STAMP.write_text(digest() + "\n", "utf-8")
