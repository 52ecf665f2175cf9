"""A model by its address in Settings: seen, agreed to, fetched, tried and kept; stopped and refused in words."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from tests.services.local.test_downloads import MODEL, FileServer, ended
from tests.ui.test_local_models import folder, nothing_else
from tests.ui.test_pages import open_settings

from flowloom.services.models.settings import load_settings
from flowloom.ui.settings import model_downloads
from flowloom.workspace import Workspace

__all__ = ["folder", "nothing_else"]


@pytest.fixture
def server(home: Workspace) -> Iterator[FileServer]:
    found = FileServer()
    home.own_hosts.allow(found.host)
    yield found
    found.close()


def test_one_of_the_short_list_is_fetched_tried_and_kept(
    home: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_settings("models")
    (button,) = [each for each in page.button if str(each.key).startswith("fetch_model:")]
    assert button.label == "Download 93.8 MB"
    assert any("Apache-2.0" in text.value for text in page.markdown)
    fetched = []
    monkeypatch.setattr(
        model_downloads, "fetch", lambda model, into: fetched.append(model) or next(folder.glob("*.gguf"))
    )
    button.click().run(timeout=60)
    assert not page.exception
    assert [model.name for model in fetched] == ["SmolLM2 135M Instruct"]
    kept = load_settings(home.home).provider("local")
    assert kept
    assert kept.models == ("SmolLM2-135M-Instruct.Q4_1",)


def look(page: AppTest, address: str, sha256: str = "") -> AppTest:
    page.text_input(key="model_url").input(address)
    page.text_input(key="model_sha256").input(sha256)
    return next(each for each in page.button if each.label == "See what is there").click().run(timeout=30)


def test_a_real_model_comes_by_its_address(home: Workspace, server: FileServer, folder: Path) -> None:
    server.data = next(folder.glob("*.gguf")).read_bytes()
    page = look(open_settings("models"), server.url, hashlib.sha256(server.data).hexdigest())
    assert not page.exception
    told = next(text.value for text in page.markdown if "Licence" in text.value)
    assert "apache-2.0" in told
    assert "93.8 MB" in told
    assert "verified by its SHA-256" in told
    assert home.model_downloads.all() == []
    page.button(key="model_download").click().run(timeout=30)
    for download in home.model_downloads.all():
        ended(download, 60)
    page.run(timeout=60)
    assert not page.exception
    assert not page.error
    kept = load_settings(home.home).provider("local")
    assert kept
    assert kept.paths == {"tiny": str(home.home / "models" / "tiny.gguf")}
    assert "words a second" in next(text.value for text in page.markdown if ":material/memory:" in text.value)
    assert home.model_downloads.all() == []


def test_nothing_comes_without_a_yes(home: Workspace, server: FileServer) -> None:
    page = look(open_settings("models"), server.url)
    assert any("Use only places you trust" in text.value for text in page.markdown)
    page.button(key="model_download_cancel").click().run()
    assert not [button for button in page.button if button.key == "model_download"]
    assert len(server.asked) == 1
    assert not (home.home / "models").exists()


def test_what_was_refused_can_be_deleted(home: Workspace, server: FileServer) -> None:
    page = look(open_settings("models"), server.url, hashlib.sha256(MODEL).hexdigest())
    server.data = MODEL[:-1] + b"x"
    page.button(key="model_download").click().run()
    for download in home.model_downloads.all():
        ended(download)
    page.run()
    assert any("SHA-256 stands for" in error.value for error in page.error)
    assert load_settings(home.home).provider("local") is None
    page.button(key="forget_model:tiny.gguf").click().run()
    assert home.model_downloads.all() == []
    assert list((home.home / "models").iterdir()) == []


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "Enter the address of a model file"),
        ("model.gguf", "can’t be opened"),
        ("http://a.example/x.gguf", "https"),
    ],
)
def test_an_address_that_is_none_is_said(home: Workspace, address: str, said: str) -> None:
    page = look(open_settings("models"), address)
    assert not page.exception
    assert any(said in error.value for error in page.error)
