"""The files to double-click: they say what is missing, install once, and start the app."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = ("start.sh", "start.command", "requirements.lock", "pyproject.toml")
RECORD = '#!/bin/sh\necho "$(basename "$0") $*" >> "{log}"\n'
only_posix = pytest.mark.skipif(os.name != "posix", reason="a script for sh")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the files, beside a log of what they call."""
    found = tmp_path / "Flow loom"
    found.mkdir()
    for name in FILES:
        shutil.copy(ROOT / name, found / name)
    return found


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def installed(folder: Path) -> Path:
    """An environment whose programs write down how they were called."""
    log = folder.parent / "log"
    for name in ("python", "uv", "flowloom"):
        program(folder / ".venv/bin" / name, RECORD.format(log=log))
    return log


def start(
    folder: Path, *arguments: str, file: str = "start.sh", **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(folder / file), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        cwd="/",
        env={"PATH": os.environ["PATH"], **variables},
    )


@only_posix
@pytest.mark.parametrize("file", ["start.sh", "start.command"])
def test_it_installs_once_and_starts_the_app(folder: Path, file: str) -> None:
    log = installed(folder)
    done = start(folder, "--port", "8600", file=file)
    assert done.returncode == 0, done.stderr
    assert "Installing Flowloom" in done.stderr
    first = log.read_text().splitlines()
    assert [line.split()[0] for line in first] == ["uv", "uv", "flowloom"]
    assert "--require-hashes -r requirements.lock" in first[0]
    assert first[-1] == "flowloom open --browser --port 8600"
    log.unlink()
    assert "Installing" not in start(folder, file=file).stderr
    assert log.read_text().splitlines() == ["flowloom open --browser"]


@only_posix
def test_new_requirements_are_installed(folder: Path) -> None:
    log = installed(folder)
    start(folder)
    os.utime(folder / ".venv/run", (0, 0))
    log.unlink()
    start(folder)
    assert "uv" in log.read_text()


@only_posix
def test_an_old_python_is_said_so(folder: Path, tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    for name in ("python", "python3", "python3.11", "python3.12", "python3.13"):
        program(programs / name, "#!/bin/sh\nexit 1\n")
    for name in ("dirname", "printf", "sh"):
        (programs / name).symlink_to(shutil.which(name) or "")
    done = start(folder, PATH=str(programs))
    assert done.returncode == 1
    assert "Flowloom needs Python 3.11 or newer." in done.stderr
    assert not (folder / ".venv").exists()


@only_posix
def test_no_network_is_said_so_and_tried_again(folder: Path) -> None:
    log = installed(folder)
    program(folder / ".venv/bin/uv", "#!/bin/sh\nexit 2\n")
    done = start(folder)
    assert done.returncode == 1
    assert "Check your internet connection" in done.stderr
    assert not log.exists()
    assert not (folder / ".venv/run").exists()


def test_windows_does_the_same() -> None:
    raw = (ROOT / "start.bat").read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n")
    text = raw.decode("ascii")
    jumps, labels = set(re.findall(r"goto (\w+)", text)), set(re.findall(r"^:(\w+)", text, re.M))
    assert jumps <= labels
    assert labels <= jumps | {"failed", "make", "install", "open"}
    for part in ("--require-hashes -r requirements.lock", "--no-deps -e .", "flowloom open --browser", "pause"):
        assert part in text


@only_posix
def test_each_can_be_double_clicked() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--stage", "start.sh", "start.command"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("not a checkout")
    assert all(line.startswith("100755") for line in listed.stdout.splitlines())
