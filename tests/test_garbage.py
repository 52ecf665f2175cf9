"""Garbage is not looked for while modules are imported, nor among what they made."""

import gc
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from flowloom import cli, garbage
from flowloom.store.templates import templates_folder

TRANSLATOR = str(templates_folder() / "translator.json")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def test_what_the_pages_need_is_set_apart(tmp_path: Path) -> None:
    """After every click Streamlit has all be looked through that is not."""
    code = (
        "import gc; from flowloom.ui import early_imports; early_imports.begin().join(); "
        "print(gc.isenabled(), gc.get_freeze_count() > 50_000, len(gc.get_objects()) < gc.get_freeze_count() / 5)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"FLOWLOOM_HOME": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout.split() == ["True", "True", "True"]


@pytest.mark.parametrize("came", [garbage.MANY, garbage.MANY - 1])
def test_what_comes_later_is_set_apart_once_it_is_much(monkeypatch: pytest.MonkeyPatch, came: int) -> None:
    garbage.set_apart()
    before = gc.get_freeze_count()
    made = [[number] for number in range(1_000)]
    for number in range(came):
        monkeypatch.setitem(sys.modules, f"made_up_{number}", ModuleType("made_up"))
    garbage.look_up()
    assert (gc.get_freeze_count() >= before + len(made)) == (came >= garbage.MANY)
    again = gc.get_freeze_count()
    garbage.look_up()
    assert gc.get_freeze_count() == again


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another allocator")
def test_what_was_freed_is_given_back() -> None:
    """What stays in between would else keep all of it."""
    code = (
        "from pathlib import Path; from flowloom import garbage\n"
        "def held(): return int(Path('/proc/self/statm').read_text().split()[1])\n"
        "made = [bytes(2_000) for _ in range(20_000)]; full = held(); made = made[::100]; before = held()\n"
        "garbage.give_back(); print(full - before < 2_000, before - held() > 5_000)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["True", "True"]


def test_a_run_is_looked_after_and_what_comes_before_it_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLOWLOOM_HOME", str(tmp_path))
    seen: list[bool] = []
    opens, answers = cli._workspace, cli._answer
    monkeypatch.setattr(cli, "_workspace", lambda: seen.append(gc.isenabled()) or opens())  # type: ignore[func-returns-value]
    monkeypatch.setattr(cli, "_answer", lambda *given: seen.append(gc.isenabled()) or answers(*given))  # type: ignore[func-returns-value]
    assert cli.main(["run", TRANSLATOR, "--message", "Good morning"]) == 0
    assert seen == [False, True]
    assert gc.isenabled()


@pytest.mark.parametrize("call", [["check", "no such file"], ["check", TRANSLATOR]])
def test_it_is_looked_for_again_however_a_command_ends(call: list[str]) -> None:
    cli.main(call)
    assert gc.isenabled()
