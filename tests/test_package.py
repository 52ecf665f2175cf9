"""The package that people install: it holds all the app needs, and nothing of the workshop."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (found,) = folder.glob("*.whl")
    return found


@pytest.mark.parametrize(
    "path",
    [
        "flowloom/templates/support-desk.json",
        "flowloom/templates/tags.toml",
        "flowloom/templates/zh/texts.json",
        "flowloom/templates/fr/knowledge-helper.knowledge/staff-handbook.md",
        "flowloom/ui/config.toml",
        "flowloom/ui/canvas/built/canvas.js",
        "flowloom/serve/page/built/page.js",
        "flowloom/serve/page/built/loader.js",
        "flowloom/ui/texts/zh.json",
        "flowloom/locales/fr.json",
        "flowloom/py.typed",
    ],
)
def test_carries_what_the_app_reads(wheel: Path, path: str) -> None:
    assert path in ZipFile(wheel).namelist()


def test_leaves_the_workshop_behind(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    assert not [name for name in names if "frontend" in name or "tests" in name or name.endswith(".ts")]


def test_works_from_where_it_was_unpacked(wheel: Path, tmp_path: Path) -> None:
    """Far from the checkout: the templates, the look and the languages are those of the package."""
    ZipFile(wheel).extractall(tmp_path / "site")
    code = (
        "from flowloom.store.templates import templates, templates_folder\n"
        "from flowloom.ui.server import options\n"
        "print(templates_folder().name, len(templates('fr')), options()['client.showErrorDetails'])\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    count = len(list((ROOT / "flows").glob("*.json")))
    assert done.stdout.split() == ["templates", str(count), "none"]
