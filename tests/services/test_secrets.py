"""Keys come back to those who may have them, and show up nowhere else."""

import json
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import keyring
import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from flowloom.errors import SecretError
from flowloom.services import secrets as module
from flowloom.services.secrets import HIDDEN, SecretStore, scrub


def test_keeps_values_by_name_over_a_restart(tmp_path: Path) -> None:
    store = SecretStore(tmp_path)
    store.set("openai", " sk-123456 \n")
    store.set("mistral", "ключ-密钥")
    again = SecretStore(tmp_path)
    assert again.names() == ["mistral", "openai"]
    assert again.has("openai")
    assert (again.reveal("openai"), again.reveal("mistral")) == ("sk-123456", "ключ-密钥")
    again.delete("openai")
    assert not store.has("openai")
    with pytest.raises(SecretError, match="no key called"):
        store.reveal("openai")


def test_files_are_encrypted_and_only_the_owners(tmp_path: Path) -> None:
    store = SecretStore(tmp_path)
    store.set("openai", "sk-very-secret")
    for name in ("secrets.json", "secrets.key"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
        assert b"sk-very-secret" not in (tmp_path / name).read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"secrets.json", "secrets.key"}
    assert "secret" not in repr(store).removeprefix("SecretStore(").replace(str(tmp_path), "")


@pytest.mark.parametrize("key", [Fernet.generate_key().decode(), "a password of my own"], ids=["key", "password"])
def test_the_environments_key_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", key)
    SecretStore(tmp_path).set("a", "value")
    assert not (tmp_path / "secrets.key").exists()
    assert SecretStore(tmp_path).reveal("a") == "value"
    monkeypatch.setenv("FLOWLOOM_SECRET_KEY", "another")
    with pytest.raises(SecretError, match="another"):
        SecretStore(tmp_path).reveal("a")


def test_the_keyring_holds_the_key_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ring: dict[tuple[str, str], str] = {}
    monkeypatch.setattr(keyring, "get_password", lambda service, name: ring.get((service, name)))
    monkeypatch.setattr(keyring, "set_password", lambda *entry: ring.update({entry[:2]: entry[2]}))
    SecretStore(tmp_path / "one").set("a", "value")
    assert not (tmp_path / "one" / "secrets.key").exists()
    assert SecretStore(tmp_path / "one").reveal("a") == "value"
    SecretStore(tmp_path / "two").set("a", "value")
    assert len(ring) == 2


@pytest.mark.parametrize("kind", ["fails", "hangs"])
def test_a_broken_keyring_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    def ask(*_: str) -> str:
        if kind == "hangs":
            time.sleep(0.5)
        raise RuntimeError("no backend")

    monkeypatch.setattr(keyring, "get_password", ask)
    monkeypatch.setattr(module, "_KEYRING_SECONDS", 0.05)
    before = time.perf_counter()
    SecretStore(tmp_path).set("a", "value")
    assert time.perf_counter() - before < 0.4
    assert SecretStore(tmp_path).reveal("a") == "value"


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("secrets.json", b"{"),
        ("secrets.json", b"[]"),
        ("secrets.json", b'{"secrets": 1}'),
        ("secrets.key", b"x"),
    ],
)
def test_damaged_files_are_named_and_left_alone(tmp_path: Path, file: str, content: bytes) -> None:
    (tmp_path / file).write_bytes(content)
    with pytest.raises(SecretError, match=file):
        SecretStore(tmp_path).set("a", "value")
    assert (tmp_path / file).read_bytes() == content


@pytest.mark.parametrize(("name", "value"), [("", "v"), ("  ", "v"), ("a", ""), ("a", " \n"), ("x" * 201, "v")])
def test_refuses_what_is_empty(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SecretError):
        SecretStore(tmp_path).set(name, value)


def test_an_altered_token_is_no_value(tmp_path: Path) -> None:
    SecretStore(tmp_path).set("a", "value")
    kept = json.loads((tmp_path / "secrets.json").read_text())
    kept["secrets"]["a"] = kept["secrets"]["a"][:-4] + "AAA="
    (tmp_path / "secrets.json").write_text(json.dumps(kept))
    with pytest.raises(SecretError) as caught:
        SecretStore(tmp_path).reveal("a")
    assert kept["secrets"]["a"] not in str(caught.value)


def test_many_threads_and_stores_lose_nothing(tmp_path: Path) -> None:
    names = [f"key{number}" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: SecretStore(tmp_path).set(name, name * 2), names))
    store = SecretStore(tmp_path)
    assert {name: store.reveal(name) for name in names} == {name: name * 2 for name in names}


def test_a_crash_while_saving_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SecretStore(tmp_path)
    store.set("a", "first")

    def crash(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", crash)
    with pytest.raises(SecretError):
        store.set("a", "second")
    assert store.reveal("a") == "first"
    assert len(list(tmp_path.iterdir())) == 2


def test_version_changes_with_a_secret(tmp_path: Path) -> None:
    store = SecretStore(tmp_path)
    assert store.version == 0
    store.set("a", "value")
    assert store.version


@pytest.mark.parametrize(
    "text",
    [
        "key=se/cret+1 done",
        '{"k": "se/cret+1"}',
        "https://x/?k=se%2Fcret%2B1",
        "Basic c2UvY3JldCsx",
        "se/cret%2B1",
    ],
)
def test_scrubs_every_shape(text: str) -> None:
    scrubbed = scrub(text, ["se/cret+1"])
    assert HIDDEN in scrubbed
    assert "cret" not in scrubbed
    assert "c2Uv" not in scrubbed


def test_scrubs_the_longer_of_two_and_leaves_words_alone() -> None:
    assert scrub("abcdefgh abcdef key", ["abcdef", "abcdefgh", "key", ""]) == f"{HIDDEN} {HIDDEN} key"


@given(st.text(min_size=6), st.text(), st.text())
def test_no_secret_survives(secret: str, before: str, after: str) -> None:
    if secret not in HIDDEN * 3 and HIDDEN not in secret:
        text = scrub(before + secret + after, [secret])
        assert secret not in text.replace(HIDDEN, "\0") or secret in (before + after).replace(HIDDEN, "\0")
